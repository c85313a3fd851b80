using System.Globalization;
using System.Text.RegularExpressions;
using Mana.Specs.Tidy;

namespace Mana.Specs.Wire;

/// <summary>
/// A difference that is meant: a row of the table in <c>docs/reference/better-auth.md</c>. What differs stands there literally, so that a
/// listed exchange that differs in another way, or no longer, is reported.
/// </summary>
/// <param name="Difference">In the words of <see cref="Comparison"/>.</param>
/// <param name="Because">A ruling, a mark of the wire, an ADR, or why the recording cannot be equalled.</param>
public sealed partial record Listed(IReadOnlyList<int> Exchanges, string Difference, string Because, string Sentence)
{
    public const string Page = "docs/reference/better-auth.md";

    private const int CellsOfARow = 4;

    private static readonly Lazy<IReadOnlyList<Listed>> Table = new(() => [.. Read(Repository.Read(Page))]);

    public static IReadOnlyList<Listed> All => Table.Value;

    /// <summary>A ruling, a mark of the wire contract, a decision that exists, an option nobody offers, or a plugin that is to come.</summary>
    public bool IsDecided =>
        Adr().Match(Because) is { Success: true } adr
            ? Directory.EnumerateFiles(Repository.Full("docs/adr"), $"{adr.Groups["number"].Value}-*.md").Any()
            : Decision().IsMatch(Because);

    /// <summary>Where the row is counted.</summary>
    public string Kind =>
        Because.StartsWith("option", StringComparison.Ordinal) ? "an option we do not offer"
        : Because.StartsWith("waits", StringComparison.Ordinal) ? "waits for a plugin"
        : Because.StartsWith("recording", StringComparison.Ordinal) ? "an accident of the recording"
        : "different on purpose";

    public static Listed? Of(int exchange) => All.FirstOrDefault(row => row.Exchanges.Contains(exchange));

    public static IEnumerable<Listed> Read(TextFile page) =>
        page
            .Lines.Select(line => line.Text)
            .SkipWhile(line => !line.StartsWith("| Exchanges |", StringComparison.Ordinal))
            .Skip(2)
            .TakeWhile(line => line.StartsWith('|'))
            .Select(Cells)
            .Select(cells => new Listed([.. Numbers(cells[0])], cells[1].Trim('`'), cells[2], cells[3]));

    /// <summary>The row for a difference nobody has listed, to be completed.</summary>
    public static string Row(Replayed played) =>
        $"| {played.Exchange.Number} | `{Escaped(played.Difference)}` | | {played.Exchange.Label} |";

    private static string[] Cells(string row)
    {
        var cells = Bar().Split(row).Select(cell => cell.Trim().Replace("\\|", "|", StringComparison.Ordinal)).ToArray();
        Assert.True(cells.Length == CellsOfARow + 2, $"a row has {CellsOfARow} cells: {row}");

        return cells[1..^1];
    }

    private static IEnumerable<int> Numbers(string cell)
    {
        foreach (var range in cell.Split(", ").Select(part => part.Split('–')))
        {
            var (first, last) = (int.Parse(range[0], CultureInfo.InvariantCulture), int.Parse(range[^1], CultureInfo.InvariantCulture));
            foreach (var number in Enumerable.Range(first, last - first + 1))
            {
                yield return number;
            }
        }
    }

    private static string Escaped(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);

    [GeneratedRegex("^ADR-(?<number>[0-9]{4})$")]
    private static partial Regex Adr();

    [GeneratedRegex(@"^(ruling \d+[a-e]?|R \d+\.\d+|(option|waits|recording): .+)$")]
    private static partial Regex Decision();

    [GeneratedRegex(@"(?<!\\)\|")]
    private static partial Regex Bar();
}
