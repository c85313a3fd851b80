using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;

namespace Mana.Specs.Tidy.Rules;

/// <summary>
/// The clock is injected, so a statement never asks PostgreSQL for the time; columns are named, so that a new one changes no row type; and
/// a statement is always a <c>Sql</c>: whoever could write a plain command could write an injection.
/// </summary>
public static partial class StatementsFollowTheStyle
{
    /// <summary>Where plain commands are written, and why.</summary>
    private static readonly Dictionary<string, string> Plain = new(StringComparer.Ordinal)
    {
        [Place.Server + "Platform/Database/"] = "this is where a Sql becomes a command; migrations and roles are no rows of anybody",
        [Place.Server + "Operations/Docs/Catalogue.cs"] = "reads PostgreSQL's own catalogue to write documents; constants only",
    };

    private const int MatchMillisecondsMax = 1000;

    private static readonly string[] Commands = ["NpgsqlCommand", "NpgsqlBatchCommand", "NpgsqlBatch"];

    public static IEnumerable<Breach> Breaches(Sources sources) =>
        [
            .. Statement.All(sources).SelectMany(statement => Found(statement, Clock(), "asks the database for the time: pass {now}")),
            .. Statement.All(sources).SelectMany(statement => Found(statement, Star(), "does not name its columns")),
            .. sources
                .Uses.Select(use => (use.Node, Type: use.Symbol is IMethodSymbol called ? called.ReturnType.Name : use.Type.Name))
                .Where(use =>
                    Commands.Contains(use.Type)
                    && !Plain.Keys.Any(path => use.Node.SyntaxTree.FilePath.StartsWith(path, StringComparison.Ordinal))
                )
                .Select(use => Breach.At(use.Node, $"{use.Type} takes plain text: write a Sql"))
                .Distinct(),
        ];

    private static IEnumerable<Breach> Found(Statement statement, Regex pattern, string sentence) =>
        pattern.Matches(statement.Text).Select(match => statement.Breach(match.Index, $"'{match.Value}' {sentence}"));

    [GeneratedRegex(
        @"\b(now|clock_timestamp|statement_timestamp|transaction_timestamp)\s*\(\)|\b(current_(timestamp|date|time)|localtime(stamp)?)\b",
        RegexOptions.ExplicitCapture,
        MatchMillisecondsMax
    )]
    private static partial Regex Clock();

    [GeneratedRegex(@"\b(select|returning)\s+(distinct\s+)?\*|\b\w+\.\*", RegexOptions.ExplicitCapture, MatchMillisecondsMax)]
    private static partial Regex Star();
}
