using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;

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
        var pages = DocumentsOfTheCheckout.All(".md").ToArray();
        var dead = pages.SelectMany(page =>
            Link()
                .Matches(DocumentsOfTheCheckout.Prose(File.ReadAllText(page)))
                .Select(match => match.Groups[1].Value)
                .Where(target =>
                    !target.Contains("://", StringComparison.Ordinal) && !target.StartsWith("mailto:", StringComparison.Ordinal)
                )
                .Where(target => !Exists(page, target))
                .Select(target => $"{DocumentsOfTheCheckout.Relative(page)} links to {target}")
        );

        Assert.NotEmpty(pages);
        DocumentsOfTheCheckout.ExpectNone(dead);
    }

    [Fact]
    public void The_readme_is_short_and_explains_the_words_of_the_house()
    {
        var readme = DocumentsOfTheCheckout.Text("README.md");

        Assert.InRange(readme.Split('\n').Length, 1, ReadmeLinesMax);
        DocumentsOfTheCheckout.ExpectNone(Glossary.Where(word => !readme.Contains($"**{word}**", StringComparison.Ordinal)));
        Assert.Contains("./mana dev", readme, StringComparison.Ordinal);
        Assert.Contains("./mana test", readme, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_decision_has_its_four_parts_and_a_number_of_its_own()
    {
        var decisions = Directory.GetFiles(Path.Combine(DocumentsOfTheCheckout.Root, "docs", "adr"), "*.md");
        var incomplete = decisions.SelectMany(file =>
            new[] { "Context", "Decision", "Status", "Consequences" }
                .Where(part => !Regex.IsMatch(File.ReadAllText(file), $"^(?:## {part}|{part}: )", RegexOptions.Multiline))
                .Select(part => $"{Path.GetFileName(file)} has no {part}")
        );
        var numbers = decisions.Select(file => Path.GetFileName(file)[..4]).ToArray();

        Assert.NotEmpty(decisions);
        DocumentsOfTheCheckout.ExpectNone(incomplete);
        Assert.Equal(numbers.Length, numbers.Distinct().Count());
    }

    [Fact]
    public void Every_package_has_its_version_and_its_reason_written_down()
    {
        var text = DocumentsOfTheCheckout.Text("docs/adr/0003-packages.md");
        var packages = XDocument
            .Parse(DocumentsOfTheCheckout.Text("Directory.Packages.props"))
            .Descendants("PackageVersion")
            .Select(package => $"| {package.Attribute("Include")!.Value} | {package.Attribute("Version")!.Value} |")
            .ToArray();

        Assert.NotEmpty(packages);
        DocumentsOfTheCheckout.ExpectNone(packages.Where(row => !text.Contains(row, StringComparison.Ordinal)));
    }

    [Fact]
    public void The_changelog_has_an_entry_for_the_version_that_is_built()
    {
        var version = XDocument.Parse(DocumentsOfTheCheckout.Text("Directory.Build.props")).Descendants("Version").Single().Value;

        Assert.Matches($@"(?m)^## {Regex.Escape(version)}\b", DocumentsOfTheCheckout.Text("CHANGELOG.md"));
    }

    [Fact]
    public void Every_spec_the_architecture_names_exists()
    {
        var named = SpecName()
            .Matches(DocumentsOfTheCheckout.Text("docs/architecture.md"))
            .Select(match => match.Groups[1].Value)
            .ToArray();
        var existing = Assembly
            .GetExecutingAssembly()
            .GetTypes()
            .SelectMany(type => type.GetMethods().Select(method => $"{type.Name}.{method.Name}"))
            .ToHashSet();

        Assert.NotEmpty(named);
        DocumentsOfTheCheckout.ExpectNone(named.Where(name => !existing.Contains(name)));
    }

    private static bool Exists(string page, string target)
    {
        var parts = target.Split('#', 2);
        var path = parts[0].Length == 0 ? page : Path.GetFullPath(Path.Combine(Path.GetDirectoryName(page)!, parts[0]));

        return parts.Length == 1 ? Path.Exists(path) : File.Exists(path) && Anchors(path).Contains(parts[1]);
    }

    // As GitHub makes them: lower case, no punctuation, hyphens for blanks.
    private static IEnumerable<string> Anchors(string path) =>
        Heading()
            .Matches(File.ReadAllText(path))
            .Select(match => NoAnchorSign().Replace(match.Groups["text"].Value.Trim().ToLowerInvariant(), "").Replace(' ', '-'));

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex("^#{1,6} (?<text>.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"[^\p{L}\p{N} _-]")]
    private static partial Regex NoAnchorSign();

    [GeneratedRegex(@"`([A-Z]\w+\.[A-Z]\w*_\w+)`")]
    private static partial Regex SpecName();
}
