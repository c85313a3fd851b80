using System.Globalization;
using Npgsql;

namespace Ceiling;

/// <summary>The table of the indexed read, and the cheapest way to read one row of it.</summary>
internal sealed class Rows(string database) : IAsyncDisposable
{
    private const int Count = 100_000;

    private const string One = "select free, paid, version from accounts where owner_id = $1";

    private readonly NpgsqlDataSource source = NpgsqlDataSource.Create(
        // The pool and the preparation of the server's own data source.
        new NpgsqlConnectionStringBuilder(database)
        {
            MaxPoolSize = 20,
            MaxAutoPrepare = 100,
            AutoPrepareMinUsages = 2,
            NoResetOnClose = true,
        }
    );

    public static async Task<int> Prepare(string own)
    {
        await using var filled = NpgsqlDataSource.Create(own);
        await Databases.Run(
            filled,
            "create table accounts (owner_id text primary key, free bigint not null, paid bigint not null, version bigint not null)"
        );
        await Databases.Run(filled, $"insert into accounts select 'owner-' || n, n, n, 1 from generate_series(0, {Count - 1}) n");
        await Databases.Run(filled, "vacuum (analyze) accounts");

        return 0;
    }

    public async ValueTask<(long Free, long Paid, long Version)> Random()
    {
        var owner = string.Create(CultureInfo.InvariantCulture, $"owner-{System.Random.Shared.Next(Count)}");
        await using var connection = await source.OpenConnectionAsync();
        await using var command = new NpgsqlCommand(One, connection)
        {
            Parameters = { new NpgsqlParameter<string> { TypedValue = owner } },
        };
        await using var row = await command.ExecuteReaderAsync();

        return await row.ReadAsync()
            ? (row.GetInt64(0), row.GetInt64(1), row.GetInt64(2))
            : throw new InvalidOperationException($"{owner} is missing; run ceiling prepare.");
    }

    public ValueTask DisposeAsync() => source.DisposeAsync();
}
