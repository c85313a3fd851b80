using System.Text.RegularExpressions;
using Mana.Specs.Tidy;

namespace Mana.Specs.Operations;

/// <summary>The Markdown of this checkout, as far as specs have to understand it.</summary>
internal static partial class DocumentsInMarkdown
{
    public static IEnumerable<TextFile> All() =>
        Repository.Tracked().Where(path => path.EndsWith(".md", StringComparison.Ordinal)).Select(Repository.Read);

    /// <summary>The targets of links, read as Markdown does: not inside code.</summary>
    public static IEnumerable<string> Links(TextFile page) =>
        Link().Matches(InlineCode().Replace(CodeBlock().Replace(page.Text, ""), "")).Select(match => match.Groups[1].Value);

    /// <summary>As GitHub makes them of headings: lower case, no punctuation, hyphens for blanks.</summary>
    public static IEnumerable<string> Anchors(string text) =>
        Heading()
            .Matches(text)
            .Select(match => NoAnchorSign().Replace(match.Groups["text"].Value.Trim().ToLowerInvariant(), "").Replace(' ', '-'));

    /// <summary>Fails with every offender in full; the assertion of the framework shows the beginning of the first few.</summary>
    public static void ExpectNone(IEnumerable<string> offenders)
    {
        var all = offenders.ToArray();
        Assert.True(all.Length == 0, string.Join(Environment.NewLine, all));
    }

    [GeneratedRegex(@"^```.*?^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex CodeBlock();

    [GeneratedRegex("`[^`\n]*`")]
    private static partial Regex InlineCode();

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex("^#{1,6} (?<text>.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"[^\p{L}\p{N} _-]")]
    private static partial Regex NoAnchorSign();
}
