using System.Globalization;
using Npgsql;

namespace Mana.Specs.Tidy.Rules;

/// <summary>
/// PostgreSQL itself reads every statement: prepared against the migrated schema with the types the parameters are sent with, then planned
/// with the rights of the connection, which is where a missing grant shows. Nothing is executed.
/// </summary>
public static class StatementsArePrepared
{
    private static readonly Dictionary<string, string> Types = new(StringComparer.Ordinal)
    {
        ["string"] = "text",
        ["Mana.Platform.Database.IWrapped"] = "text",
        ["int"] = "integer",
        ["long"] = "bigint",
        ["bool"] = "boolean",
        ["System.Guid"] = "uuid",
        ["System.DateTimeOffset"] = "timestamptz",
        ["byte[]"] = "bytea",
        ["byte[]?[]"] = "bytea[]",
        ["System.Guid[]"] = "uuid[]",
        ["System.DateTimeOffset[]"] = "timestamptz[]",
        ["Mana.Platform.Database.Texts"] = "text[]",
        ["string[]"] = "text[]",
        ["long[]"] = "bigint[]",
        ["Mana.Platform.Database.Json"] = "jsonb",
    };

    public static async Task<IReadOnlyList<Breach>> Breaches(IEnumerable<Statement> statements, NpgsqlConnection connection)
    {
        var breaches = new List<Breach>();
        await Execute(connection, "set plan_cache_mode = force_generic_plan"); // the nulls below must not be planned away
        foreach (var statement in statements)
        {
            if (await Breach(statement, connection) is { } breach)
            {
                breaches.Add(breach);
            }
        }

        return breaches;
    }

    private static async Task<Breach?> Breach(Statement statement, NpgsqlConnection connection)
    {
        var types = statement.Holes.Select(hole => hole.ToDisplayString().TrimEnd('?')).ToArray();
        if (Array.Find(types, type => !Types.ContainsKey(type)) is { } unknown)
        {
            return statement.Breach(0, $"no PostgreSQL type is known here for {unknown}");
        }

        var prepare = $"prepare tidy{Listed(types.Select(type => Types[type]))} as ";
        try
        {
            await Execute(connection, prepare + statement.Text);
            await Execute(connection, $"explain execute tidy{Listed(types.Select(_ => "null"))}");

            return null;
        }
        catch (PostgresException refused)
        {
            // A missing right has no position: it belongs to the whole statement.
            var offset = Math.Clamp(refused.Position - 1 - prepare.Length, 0, statement.Text.Length);

            return statement.Breach(offset, refused.MessageText);
        }
        finally
        {
            await Execute(connection, "deallocate all");
        }
    }

    private static string Listed(IEnumerable<string> items)
    {
        var list = string.Join(", ", items);

        return list.Length == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"({list})");
    }

    private static async Task Execute(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
