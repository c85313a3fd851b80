namespace Mana.Platform.Mail;

/// <summary>What a letter says in one language. All of it is plain text: where it becomes markup, <see cref="LetterLayout"/> escapes it.</summary>
/// <param name="LinkLabel">What the link is called; empty in a letter that has none.</param>
/// <param name="After">What stands below the link; empty when nothing does.</param>
public sealed record LetterWords(string Subject, string Greeting, string Before, string LinkLabel, string After)
{
    /// <param name="name">Null for somebody whose name we may not or do not know.</param>
    public static string Hallo(string? name) => name is null ? "Hallo," : $"Hallo {name},";

    /// <inheritdoc cref="Hallo"/>
    public static string Hello(string? name) => name is null ? "Hello," : $"Hello {name},";

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

    private static string Html(string? link, LetterWords german, LetterWords english) =>
        LetterLayout.Page(
            german.Subject,
            $"""
            {LetterLayout.Paragraph(german.Greeting)}
            {LetterLayout.Paragraph(german.Before)}
            {(link is null ? "" : LetterLayout.Button(link, $"{german.LinkLabel} / {english.LinkLabel}"))}
            {LetterLayout.Paragraph(german.After)}
            """,
            $"""
            {LetterLayout.Paragraph(english.Greeting)}
            {LetterLayout.Paragraph(english.Before)}
            {LetterLayout.Paragraph(english.After)}
            """
        );
}
