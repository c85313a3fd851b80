using System.Net;

namespace Mana.Platform.Mail;

/// <summary>What a letter says in one language. All of it is plain text: where it becomes markup it is escaped.</summary>
/// <param name="LinkLabel">What the link is called; empty in a letter that has none.</param>
/// <param name="After">What stands below the link; empty when nothing does.</param>
public sealed record LetterWords(string Subject, string Greeting, string Before, string LinkLabel, string After)
{
    /// <summary>One letter in both languages, as text and as markup. German comes first, and the link stands in it.</summary>
    public static Letter Write(string messageId, string to, string? link, LetterWords german, LetterWords english) =>
        new(messageId, to, $"{german.Subject} · {english.Subject}", Text(link, german, english), Html(link, german, english));

    private static string Text(string? link, LetterWords german, LetterWords english) =>
        string.Join(
            "\n\n",
            new[]
            {
                german.Greeting,
                link is null ? german.Before : $"{german.Before}\n{link}",
                german.After,
                $"--\n{english.Greeting}",
                english.Before,
                english.After,
            }.Where(part => part.Length > 0)
        );

    private static string Html(string? link, LetterWords german, LetterWords english)
    {
        var label = $"{german.LinkLabel} / {english.LinkLabel}";
        var anchor = link is null ? "" : $"""<p><a href="{Escaped(link)}">{Escaped(label)}</a></p>{"\n"}""";

        return $"""
            <!doctype html>
            <html lang="de">
            <body>
            <p>{Escaped(german.Greeting)}</p>
            <p>{Escaped(german.Before)}</p>
            {anchor}<p>{Escaped(german.After)}</p>
            <hr>
            <div lang="en">
            <p>{Escaped(english.Greeting)}</p>
            <p>{Escaped(english.Before)} {Escaped(english.After)}</p>
            </div>
            </body>
            </html>
            """;
    }

    private static string Escaped(string text) => WebUtility.HtmlEncode(text);
}
