using System.Text.RegularExpressions;
using Npgsql;

namespace Mana.Platform.Database.Migrations;

/// <summary>
/// The index a <c>create index concurrently</c> is about to build. When such a statement is interrupted, PostgreSQL leaves the index behind,
/// marked INVALID: it costs writes, serves no read, and makes <c>if not exists</c> skip the repair.
/// </summary>
/// <param name="Name">The name as the catalogue has it.</param>
/// <param name="Table">The table as written in the statement.</param>
public sealed partial record ConcurrentIndex(string Name, string Table)
{
    /// <summary>The index <paramref name="statement"/> builds; null when it builds none, or one without a name of its own.</summary>
    public static ConcurrentIndex? Of(SqlStatement statement) =>
        Creation.Match(statement.Text) is { Success: true } match
            ? new(InCatalogue(match.Groups["name"].Value), match.Groups["table"].Value)
            : null;

    /// <summary>Drops the INVALID leftover of this name. True when there was one.</summary>
    public async Task<bool> DropLeftover(NpgsqlConnection connection, CancellationToken cancel)
    {
        await using var find = new NpgsqlCommand(
            """
            select format('%I.%I', schema.nspname, class.relname)
            from pg_index as entry
            join pg_class as class on class.oid = entry.indexrelid
            join pg_namespace as schema on schema.oid = class.relnamespace
            where entry.indrelid = to_regclass($1)
              and class.relname = $2
              and not entry.indisvalid
            """,
            connection
        )
        {
            Parameters =
            {
                new NpgsqlParameter<string> { TypedValue = Table },
                new NpgsqlParameter<string> { TypedValue = Name },
            },
        };
        if (await find.ExecuteScalarAsync(cancel) is not string leftover)
        {
            return false;
        }

        await using var drop = new NpgsqlCommand($"drop index concurrently if exists {leftover}", connection);
        await drop.ExecuteNonQueryAsync(cancel);
        return true;
    }

    private const string Identifier = """(?:"(?:[^"]|"")+"|[A-Za-z_\u0080-\uffff][A-Za-z0-9_$\u0080-\uffff]*)""";

    [GeneratedRegex(
        @"^create\s+(?:unique\s+)?index\s+concurrently\s+(?:if\s+not\s+exists\s+)?(?!on\s)(?<name>"
            + Identifier
            + @")\s+on\s+(?:only\s+)?(?<table>"
            + Identifier
            + @"(?:\s*\.\s*"
            + Identifier
            + ")?)",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Creation { get; }

    private static string InCatalogue(string written) =>
        written[0] == '"' ? written[1..^1].Replace("\"\"", "\"", StringComparison.Ordinal) : written.ToLowerInvariant();
}
