using Npgsql;

namespace Ceiling;

/// <summary>The databases of the benchmarks, made anew for every run.</summary>
internal static class Databases
{
    public static async Task<int> Make(string admin, IEnumerable<string> names)
    {
        await using var server = NpgsqlDataSource.Create(admin);
        foreach (var name in names)
        {
            await Run(server, $"drop database if exists {Quoted(name)} with (force)");
            await Run(server, $"create database {Quoted(name)}");
        }

        return 0;
    }

    public static async Task<int> Drop(string admin, string name)
    {
        await using var server = NpgsqlDataSource.Create(admin);
        await Run(server, $"drop database if exists {Quoted(name)} with (force)");

        return 0;
    }

    /// <summary>Each statement on its own, because VACUUM takes no part in a transaction. No statement of the files has a semicolon inside.</summary>
    public static async Task<int> Run(string admin, string name, string file)
    {
        await using var database = NpgsqlDataSource.Create(
            new NpgsqlConnectionStringBuilder(admin) { Database = name, CommandTimeout = 0 }
        );
        foreach (var statement in (await File.ReadAllTextAsync(file)).Split(";\n", StringSplitOptions.RemoveEmptyEntries))
        {
            await Run(database, statement);
        }

        return 0;
    }

    public static async Task Run(NpgsqlDataSource on, string statement)
    {
        await using var command = on.CreateCommand(statement);
        await command.ExecuteNonQueryAsync();
    }

    private static string Quoted(string name) => "\"" + name.Replace("\"", "\"\"", StringComparison.Ordinal) + "\"";
}
