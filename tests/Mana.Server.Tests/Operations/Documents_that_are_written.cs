using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Mana.Specs.Tidy;

namespace Mana.Specs.Operations;

/// <summary>What can be checked about prose: that it points at things that exist and has the parts it promises.</summary>
public sealed partial class Documents_that_are_written
{
    private const int ReadmeLinesMax = 120;

    private static readonly string[] Glossary =
    [
        "User",
        "Credential",
        "Session",
        "Refresh family",
        "Access token",
        "Verification",
        "Gate",
        "Security event",
        "Ledger account",
        "Transfer",
        "Credit transaction",
        "Refusal",
        "Requester",
        "Caller",
        "Tx",
        "KEK",
    ];

    [Fact]
    public void Every_relative_link_leads_somewhere()
    {
        var pages = DocumentsInMarkdown.All().ToArray();

        Assert.NotEmpty(pages);
        DocumentsInMarkdown.ExpectNone(
            pages.SelectMany(page =>
                DocumentsInMarkdown
                    .Links(page)
                    .Where(target =>
                        !target.Contains("://", StringComparison.Ordinal) && !target.StartsWith("mailto:", StringComparison.Ordinal)
                    )
                    .Where(target => !Exists(page, target))
                    .Select(target => $"{page.Path} links to {target}")
            )
        );
    }

    [Fact]
    public void The_readme_is_short_and_explains_the_words_of_the_house()
    {
        var readme = Repository.Read("README.md").Text;

        Assert.InRange(readme.Split('\n').Length, 1, ReadmeLinesMax);
        DocumentsInMarkdown.ExpectNone(Glossary.Where(word => !readme.Contains($"**{word}**", StringComparison.Ordinal)));
        Assert.Contains("./mana dev", readme, StringComparison.Ordinal);
        Assert.Contains("./mana test", readme, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_decision_has_its_four_parts_and_a_number_of_its_own()
    {
        var decisions = Directory.GetFiles(Path.Combine(Repository.Root, "docs", "adr"), "*.md");
        var incomplete = decisions.SelectMany(file =>
            new[] { "Context", "Decision", "Status", "Consequences" }
                .Where(part => !Regex.IsMatch(File.ReadAllText(file), $"^(?:## {part}|{part}: )", RegexOptions.Multiline))
                .Select(part => $"{Path.GetFileName(file)} has no {part}")
        );
        var numbers = decisions.Select(file => Path.GetFileName(file)[..4]).ToArray();

        Assert.NotEmpty(decisions);
        DocumentsInMarkdown.ExpectNone(incomplete);
        Assert.Equal(numbers.Length, numbers.Distinct().Count());
    }

    [Fact]
    public void The_changelog_has_an_entry_for_the_version_that_is_built()
    {
        var version = XDocument.Parse(Repository.Read("Directory.Build.props").Text).Descendants("Version").Single().Value;

        Assert.Matches($@"(?m)^## {Regex.Escape(version)}\b", Repository.Read("CHANGELOG.md").Text);
    }

    [Fact]
    public void Every_spec_the_architecture_names_exists()
    {
        var named = SpecName().Matches(Repository.Read("docs/architecture.md").Text).Select(match => match.Groups[1].Value).ToArray();
        var existing = Assembly
            .GetExecutingAssembly()
            .GetTypes()
            .SelectMany(type => type.GetMethods().Select(method => $"{type.Name}.{method.Name}"))
            .ToHashSet();

        Assert.NotEmpty(named);
        DocumentsInMarkdown.ExpectNone(named.Where(name => !existing.Contains(name)));
    }

    private static bool Exists(TextFile page, string target)
    {
        var parts = target.Split('#', 2);
        var from = Path.GetDirectoryName(Repository.Full(page.Path))!;
        var path = parts[0].Length == 0 ? Repository.Full(page.Path) : Path.GetFullPath(Path.Combine(from, parts[0]));

        return parts.Length == 1
            ? Path.Exists(path)
            : File.Exists(path) && DocumentsInMarkdown.Anchors(File.ReadAllText(path)).Contains(parts[1]);
    }

    [GeneratedRegex(@"`([A-Z]\w+\.[A-Z]\w*_\w+)`")]
    private static partial Regex SpecName();
}
