using System.Text.RegularExpressions;

namespace Mana.Specs.Tidy.Rules;

/// <summary>Each package is code we trust without having read it, so each has its row with licence, maintainer and reason in the ADR.</summary>
public static partial class PackagesAreApproved
{
    private const int MatchMillisecondsMax = 1000;

    private static readonly string[] Columns = ["Package", "Version", "Licence", "Maintainer", "Reason"];

    public static IEnumerable<Breach> Breaches(TextFile versions, TextFile approval)
    {
        var rows = Rows(approval).ToList();
        var approved = rows.ToDictionary(row => row.Cells[0], row => row.Cells[1], StringComparer.Ordinal);
        var used = versions
            .Lines.Select(line => (line.Number, Match: Package().Match(line.Text)))
            .Where(line => line.Match.Success)
            .ToList();
        var names = used.Select(line => line.Match.Groups["name"].Value).ToHashSet(StringComparer.Ordinal);

        return
        [
            .. used.SelectMany(line => OfPackage(versions.Path, line.Number, line.Match, approved)),
            .. rows.Where(row => !names.Contains(row.Cells[0]))
                .Select(row => new Breach(approval.Path, row.Number, $"{row.Cells[0]} is approved and not used")),
            .. rows.Where(row => row.Cells.Length != Columns.Length || row.Cells.Contains(""))
                .Select(row => new Breach(approval.Path, row.Number, $"{row.Cells[0]} needs {string.Join(", ", Columns[1..])}")),
        ];
    }

    private static IEnumerable<Breach> OfPackage(string path, int line, Match package, Dictionary<string, string> approved)
    {
        var (name, version) = (package.Groups["name"].Value, package.Groups["version"].Value);
        if (!approved.TryGetValue(name, out var approvedVersion))
        {
            yield return new Breach(path, line, $"{name} is not approved");
        }
        else if (approvedVersion != version)
        {
            yield return new Breach(path, line, $"{name} is approved as {approvedVersion}, not as {version}");
        }
    }

    // The first table with these columns: the others speak of packages of another world.
    private static IEnumerable<(int Number, string[] Cells)> Rows(TextFile approval) =>
        approval
            .Lines.SkipWhile(line => !Columns.SequenceEqual(Cells(line.Text)))
            .Skip(2)
            .TakeWhile(line => line.Text.StartsWith('|'))
            .Select(line => (line.Number, Cells(line.Text)));

    private static string[] Cells(string row) => [.. row.Trim().Trim('|').Split('|').Select(cell => cell.Trim())];

    [GeneratedRegex(
        "<PackageVersion Include=\"(?<name>[^\"]+)\" Version=\"(?<version>[^\"]+)\"",
        RegexOptions.ExplicitCapture,
        MatchMillisecondsMax
    )]
    private static partial Regex Package();
}
