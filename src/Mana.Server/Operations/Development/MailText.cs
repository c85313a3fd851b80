using System.Text.RegularExpressions;

namespace Mana.Operations.Development;

/// <summary>The text of a mail, taken apart into what is plain and what can be clicked.</summary>
public static partial class MailText
{
    /// <summary>In their order; <c>Href</c> is null for plain text.</summary>
    public static IEnumerable<(string Text, string? Href)> Parts(string text)
    {
        var end = 0;
        foreach (Match link in Links().Matches(text))
        {
            yield return (text[end..link.Index], null);
            yield return (link.Value, link.Value);
            end = link.Index + link.Length;
        }

        yield return (text[end..], null);
    }

    [GeneratedRegex(@"https?://[^\s<>""]+", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Links();
}
