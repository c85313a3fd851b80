using Npgsql;

namespace Mana.Specs.World;

/// <summary>
/// A copy of the books as they are, for specs that alter them past every policy and want them back. Meanwhile nothing is sealed: the lock of
/// whoever seals is taken.
/// </summary>
public sealed class KeptBooks : IAsyncDisposable
{
    private const long SealingLock = 987_654_327;

    private static readonly string[] Tables = ["accounts", "transactions", "transfers", "lots", "holds", "seal_keys", "seals"];

    private readonly NpgsqlConnection _connection;

    private KeptBooks(NpgsqlConnection connection) => _connection = connection;

    /// <summary>Waits until everything that was posted is sealed.</summary>
    public static async Task<KeptBooks> Of(Database database)
    {
        await Sealed(database);
        var kept = new KeptBooks(await database.AsAdmin());
        await kept.Run($"select pg_advisory_lock({SealingLock})");
        await kept.Run("create schema if not exists kept");
        foreach (var table in Tables)
        {
            await kept.Run($"drop table if exists kept.{table}");
            await kept.Run($"create table kept.{table} as table credits.{table}");
        }

        return kept;
    }

    public static async Task Sealed(Database database)
    {
        var end = DateTime.UtcNow.AddSeconds(20);
        const string left =
            "select count(*) from credits.transactions where xid >= (select coalesce(max(xid_below), 0) from credits.seals)";
        while (await database.Read<long>(left) > 0)
        {
            Assert.True(DateTime.UtcNow < end, "The books were not sealed within 20 seconds.");
            await Task.Delay(50);
        }
    }

    /// <summary>As somebody with the superuser's password and time to spare: neither policies nor triggers nor foreign keys stand in the way.</summary>
    public async Task<int> Tamper(string sql, params object[] values)
    {
        await using var command = new NpgsqlCommand(sql, _connection);
        foreach (var value in values)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        }

        await Run("set session_replication_role = replica");
        return await command.ExecuteNonQueryAsync();
    }

    public async Task Restore()
    {
        var back = string.Join(
            "; ",
            Tables.Select(table => $"delete from credits.{table}; insert into credits.{table} select * from kept.{table}")
        );
        await Run($"set session_replication_role = replica; begin; {back}; commit; set session_replication_role = origin");
    }

    public async ValueTask DisposeAsync()
    {
        await Restore();
        await _connection.DisposeAsync();
    }

    private async Task Run(string sql)
    {
        await using var command = new NpgsqlCommand(sql, _connection);
        await command.ExecuteNonQueryAsync();
    }
}
