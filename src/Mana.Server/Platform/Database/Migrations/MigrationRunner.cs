using System.Globalization;
using Npgsql;

namespace Mana.Platform.Database.Migrations;

/// <summary>Brings a database to the schema of a list of migrations, one migrator at a time.</summary>
/// <param name="migrations">In any order; their numbers run from 1 without gaps.</param>
/// <param name="connectionString">A direct connection (not through a pooler, which keeps no session locks) as <c>mana_owner</c>.</param>
/// <param name="lockTimeout">How long to wait for another migrator.</param>
/// <param name="clock">Measures waits and durations.</param>
/// <param name="output">Receives one line per step.</param>
public sealed class MigrationRunner(
    IReadOnlyList<Migration> migrations,
    string connectionString,
    TimeSpan lockTimeout,
    TimeProvider clock,
    TextWriter output
)
{
    /// <summary>The migrations in the order of their numbers.</summary>
    public IReadOnlyList<Migration> Migrations { get; } = MigrationFiles.Ordered(migrations);

    /// <summary>Applies what is pending. Each file is all or nothing, except those marked <c>no-transaction</c>, which can be run again.</summary>
    /// <exception cref="MigrationException">The history contradicts the files, a file failed, the lock stayed taken, or the login is not the owner.</exception>
    /// <exception cref="OperationCanceledException">Cancelled: the file in work was rolled back and the lock freed.</exception>
    public async Task Up(CancellationToken cancel)
    {
        await using var session = await Begin(cancel);
        await MigrationHistory.Create(session.Connection, cancel);
        var pending = await Pending(session.Connection, cancel);
        foreach (var migration in pending)
        {
            await MigrationConnection.Reset(session.Connection, cancel);
            await output.WriteLineAsync($"applying {migration.File}");
            var started = clock.GetTimestamp();
            var rows = await Apply(session.Connection, migration, cancel);
            await output.WriteLineAsync(
                Invariant($"applied {migration.File} in {clock.GetElapsedTime(started).TotalMilliseconds:0} ms{Changed(rows)}")
            );
        }
    }

    /// <summary>Applies what is pending inside one transaction that is rolled back; files that cannot run inside one are only named.</summary>
    /// <exception cref="MigrationException">As for <see cref="Up"/>.</exception>
    public async Task DryRun(CancellationToken cancel)
    {
        await using var session = await Begin(cancel);
        await using var transaction = await session.Connection.BeginTransactionAsync(cancel);
        await MigrationHistory.Create(session.Connection, cancel);
        foreach (var migration in await Pending(session.Connection, cancel))
        {
            if (!migration.Markers.RunsInTransaction)
            {
                await output.WriteLineAsync($"skipped {migration.File}: it runs outside a transaction and would be applied here");
                continue;
            }

            await MigrationConnection.Reset(session.Connection, cancel);
            var rows = await MigrationExecution.Run(session.Connection, migration, output, cancel);
            await MigrationHistory.Record(session.Connection, migration, TimeSpan.Zero, cancel);
            await output.WriteLineAsync($"would apply {migration.File}{Changed(rows)}");
        }

        // What is checked at commit has to be asked for here, because there will be no commit.
        await using (var check = new NpgsqlCommand("set constraints all immediate", session.Connection))
        {
            await check.ExecuteNonQueryAsync(cancel);
        }

        await transaction.RollbackAsync(cancel);
        await output.WriteLineAsync("rolled back: nothing was changed");
    }

    /// <summary>Compares the database with the files. Reads only, waits for no lock, and any of the three roles may ask.</summary>
    public async Task<(SchemaComparison Comparison, IReadOnlyList<AppliedMigration> Applied)> Inspect(CancellationToken cancel) =>
        await new Patience(output, clock).Try(
            async () =>
            {
                await using var connection = await MigrationConnection.Open(connectionString, output, cancel);
                var applied = await MigrationHistory.Read(connection, cancel);
                return (new SchemaComparison(Migrations, applied), applied);
            },
            cancel
        );

    private async Task<MigrationSession> Begin(CancellationToken cancel)
    {
        await output.WriteLineAsync(
            Invariant(
                $"migrating with {Migrations.Count} files; lock {MigrationSession.MigrationLock}, timeout {lockTimeout.TotalSeconds:0} s"
            )
        );
        var session = await MigrationSession.Begin(connectionString, MigrationSession.MigrationLock, lockTimeout, output, clock, cancel);
        try
        {
            await RequireOwner(session.Connection, cancel);
            return session;
        }
        catch
        {
            await session.DisposeAsync();
            throw;
        }
    }

    private static async Task RequireOwner(NpgsqlConnection connection, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(
            "select current_user::text, (select count(*) from pg_roles where rolname in ('mana_app', 'mana_read'))",
            connection
        );
        await using var reader = await command.ExecuteReaderAsync(cancel);
        await reader.ReadAsync(cancel);
        var (user, companions) = (reader.GetString(0), reader.GetInt64(1));
        if (user != Roles.Owner)
        {
            // Objects of any other owner would be outside the policies, which name the three roles.
            throw new MigrationException($"migrations run as {Roles.Owner}, but this login is {user}: set MIGRATION_DATABASE_URL");
        }

        if (companions < 2)
        {
            throw new MigrationException($"the roles {Roles.App} and {Roles.Read} are missing: run 'migrate --roles' first");
        }
    }

    private async Task<IReadOnlyList<Migration>> Pending(NpgsqlConnection connection, CancellationToken cancel)
    {
        var comparison = new SchemaComparison(Migrations, await MigrationHistory.Read(connection, cancel));
        var pending = comparison.Applicable();
        foreach (var migration in pending)
        {
            // A file that cannot be read stops everything before the first one is applied.
            MigrationExecution.Statements(migration);
        }

        if (comparison.Unknown.Count > 0)
        {
            await output.WriteLineAsync(
                $"the database is ahead by {comparison.Unknown.Count} expanding files, on which this binary may run"
            );
        }

        if (pending.Count == 0)
        {
            await output.WriteLineAsync(
                Migrations.Count == 0 ? "nothing to do: there are no migrations" : "nothing to do: everything is applied"
            );
        }

        return pending;
    }

    /// <summary>The rows its statements changed; null when none of them says.</summary>
    private async Task<long?> Apply(NpgsqlConnection connection, Migration migration, CancellationToken cancel)
    {
        var started = clock.GetTimestamp();
        try
        {
            // Rolled back when it is disposed without a commit. Without one, each statement and the row of the history stand for themselves.
            await using var transaction = migration.Markers.RunsInTransaction ? await connection.BeginTransactionAsync(cancel) : null;
            var rows = await MigrationExecution.Run(connection, migration, output, cancel);
            await MigrationHistory.Record(connection, migration, clock.GetElapsedTime(started), cancel);
            if (transaction is not null)
            {
                await transaction.CommitAsync(cancel);
            }

            return rows;
        }
        catch (NpgsqlException problem)
        {
            var reason = TransientFailure.Reason(problem);
            throw new MigrationException(
                $"{migration.File} failed at its end: {reason}; 'migrate status' says whether it was applied",
                problem
            );
        }
    }

    private static string Changed(long? rows) =>
        rows switch
        {
            null => "",
            1 => ", 1 row changed",
            _ => Invariant($", {rows} rows changed"),
        };

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
