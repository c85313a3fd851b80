using System.Globalization;
using Npgsql;

namespace Mana.Platform.Database.Migrations;

/// <summary>A connection of its own that holds an advisory lock of the database until it is disposed.</summary>
public sealed class MigrationSession : IAsyncDisposable
{
    /// <summary>The lock all migrators of a database agree on.</summary>
    public const long MigrationLock = 987654321;

    /// <summary>
    /// Connects and waits for the lock, both with <see cref="Patience"/>. The wait asks again and again instead of blocking: a statement
    /// that waits holds a snapshot, and <c>create index concurrently</c> of the lock's holder would wait for that snapshot in turn (40P01).
    /// </summary>
    /// <exception cref="MigrationException">The lock was not free within <paramref name="timeout"/>, or the database stays unreachable.</exception>
    public static async Task<MigrationSession> Begin(
        string connectionString,
        long key,
        TimeSpan timeout,
        TextWriter output,
        TimeProvider clock,
        CancellationToken cancel
    )
    {
        var started = clock.GetTimestamp();
        return await new Patience(output, clock).Try(
            async () =>
            {
                var connection = await MigrationConnection.Open(connectionString, output, cancel);
                try
                {
                    await output.WriteLineAsync($"connected to {connection.Database} as {connection.UserName}");
                    var session = new MigrationSession(connection, key, output);
                    await session.Acquire(timeout, started, clock, cancel);
                    return session;
                }
                catch
                {
                    await connection.DisposeAsync();
                    throw;
                }
            },
            cancel
        );
    }

    /// <summary>The connection that holds the lock; every statement of the migration runs on it.</summary>
    public NpgsqlConnection Connection { get; }

    /// <summary>Frees the lock, also after a failure or a cancellation, and closes the connection.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await using var command = new NpgsqlCommand("select pg_advisory_unlock($1)", Connection) { Parameters = { Key() } };
            await command.ExecuteScalarAsync(CancellationToken.None);
            await output.WriteLineAsync($"released lock {key}");
        }
        catch (Exception problem) when (problem is NpgsqlException or InvalidOperationException)
        {
            await output.WriteLineAsync("the connection is lost; the server frees the lock with it");
        }
        finally
        {
            await Connection.DisposeAsync();
        }
    }

    private static readonly TimeSpan PollEvery = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan NoteEvery = TimeSpan.FromSeconds(5);

    private readonly long key;
    private readonly TextWriter output;

    private MigrationSession(NpgsqlConnection connection, long key, TextWriter output)
    {
        Connection = connection;
        this.key = key;
        this.output = output;
    }

    private async Task Acquire(TimeSpan timeout, long started, TimeProvider clock, CancellationToken cancel)
    {
        await using var tryLock = new NpgsqlCommand("select pg_try_advisory_lock($1)", Connection) { Parameters = { Key() } };
        var nextNote = TimeSpan.Zero;
        while (await tryLock.ExecuteScalarAsync(cancel) is not true)
        {
            var waited = clock.GetElapsedTime(started);
            if (waited >= timeout)
            {
                var (holder, seconds) = (await Holder(cancel), timeout.TotalSeconds.ToString("0", CultureInfo.InvariantCulture));
                throw new MigrationException(
                    $"lock {key} was not free within {seconds} s: {holder} holds it and may be stuck (docs/DATABASE_MIGRATIONS.md, \"A lock that stays\")"
                );
            }

            if (waited >= nextNote)
            {
                await output.WriteLineAsync(
                    string.Create(CultureInfo.InvariantCulture, $"waiting for lock {key} ({waited.TotalSeconds:0} s)")
                );
                nextNote = waited + NoteEvery;
            }

            await Task.Delay(PollEvery, clock, cancel);
        }

        await output.WriteLineAsync($"acquired lock {key}");
    }

    private async Task<string> Holder(CancellationToken cancel)
    {
        // A bigint key is shown by pg_locks as two halves, with objsubid 1.
        await using var command = new NpgsqlCommand(
            """
            select pid
            from pg_locks
            where locktype = 'advisory'
              and granted
              and objsubid = 1
              and database = (select oid from pg_database where datname = current_database())
              and (classid::bigint << 32) + objid::bigint = $1
            """,
            Connection
        )
        {
            Parameters = { Key() },
        };
        return await command.ExecuteScalarAsync(cancel) is int process
            ? string.Create(CultureInfo.InvariantCulture, $"server process {process}")
            : "another session";
    }

    private NpgsqlParameter<long> Key() => new() { TypedValue = key };
}
