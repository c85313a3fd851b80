using System.Globalization;
using System.Text.RegularExpressions;

namespace Mana.Platform.Database.Migrations;

/// <summary>What a migration says about itself in the comment lines before its first statement.</summary>
/// <param name="RunsInTransaction">False after <c>-- mana:no-transaction</c>: the statements run one by one and may be run again.</param>
/// <param name="ContractsTo">
/// After <c>-- mana:contracts oldest-binary=N</c>: a binary whose newest migration is older than N no longer works once this file is applied.
/// Null for a file that only expands.
/// </param>
public sealed partial record MigrationMarkers(bool RunsInTransaction, int? ContractsTo)
{
    /// <summary>Reads the markers of migration <paramref name="number"/>.</summary>
    /// <exception cref="FormatException">A marker is unknown, malformed or stands below the head of the file, where it would be overlooked.</exception>
    public static MigrationMarkers Read(int number, string sql)
    {
        var runsInTransaction = true;
        int? contractsTo = null;
        var isHead = true;
        foreach (var line in sql.Split('\n').Select(line => line.Trim()))
        {
            isHead &= line.Length == 0 || line.StartsWith("--", StringComparison.Ordinal);
            if (!AnyMarker.IsMatch(line))
            {
                continue;
            }

            if (!isHead)
            {
                throw new FormatException($"'{line}' must stand above the first statement");
            }

            if (line == "-- mana:no-transaction")
            {
                runsInTransaction = false;
            }
            else if (Contracts.Match(line) is { Success: true } match)
            {
                contractsTo = OldestBinary(number, match.Groups["oldest"].Value);
            }
            else
            {
                throw new FormatException(
                    $"'{line}' is no marker; there are '-- mana:no-transaction' and '-- mana:contracts oldest-binary=<number>'"
                );
            }
        }

        return new(runsInTransaction, contractsTo);
    }

    [GeneratedRegex(@"^--\s*mana\s*:", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase, matchTimeoutMilliseconds: 1000)]
    private static partial Regex AnyMarker { get; }

    [GeneratedRegex(
        @"^-- mana:contracts oldest-binary=(?<oldest>[0-9]{1,4})$",
        RegexOptions.CultureInvariant,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Contracts { get; }

    private static int OldestBinary(int number, string digits)
    {
        var oldest = int.Parse(digits, CultureInfo.InvariantCulture);
        return oldest >= 1 && oldest < number
            ? oldest
            : throw new FormatException($"oldest-binary={digits} must be the number of a migration before this one");
    }
}
