using System.Globalization;
using System.Runtime.InteropServices;
using Mana.Platform.Database.Migrations;
using Npgsql;

namespace Mana.Operations;

/// <summary>
/// <c>migrate [up | status | verify] [--dry-run] [--roles]</c>: the schema of the database, as a step before the server is deployed.
/// Reads MIGRATION_DATABASE_URL (default: DATABASE_URL), MIGRATION_TIMEOUT (seconds to wait for the lock, default 300), and for
/// <c>--roles</c> ADMIN_DATABASE_URL, DATABASE_URL and READ_DATABASE_URL. Ends with 0, or with 1 and the reason.
/// </summary>
public static class MigrateCommand
{
    /// <summary>Runs the command with the migrations of the server. SIGTERM and SIGINT roll back, free the lock and end with 1.</summary>
    public static async Task<int> Run(
        string[] args,
        IReadOnlyDictionary<string, string> environment,
        TextWriter output,
        CancellationToken cancel
    )
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        return await Run(
            args,
            environment,
            () => MigrationFiles.In(typeof(MigrateCommand).Assembly),
            output,
            TimeProvider.System,
            stop.Token
        );

        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            stop.Cancel();
        }
    }

    /// <summary>Runs the command with any migrations.</summary>
    public static async Task<int> Run(
        string[] args,
        IReadOnlyDictionary<string, string> environment,
        Func<IReadOnlyList<Migration>> migrations,
        TextWriter output,
        TimeProvider clock,
        CancellationToken cancel
    )
    {
        try
        {
            var settings = new MigrateSettings(environment);
            var plan = MigratePlan.Parse(args);
            if (plan.MakesRoles)
            {
                await new Roles(settings.Logins(), settings.LockTimeout, clock, output).Ensure(cancel);
            }

            var runner = new MigrationRunner(
                migrations(),
                plan.Action == MigrateAction.None ? "" : settings.Migration(),
                settings.LockTimeout,
                clock,
                output
            );
            switch (plan.Action)
            {
                case MigrateAction.Up:
                    await runner.Up(cancel);
                    return Done;
                case MigrateAction.DryRun:
                    await runner.DryRun(cancel);
                    return Done;
                case MigrateAction.Status:
                    await Report(runner, output, cancel);
                    return Done;
                case MigrateAction.Verify:
                    return await Report(runner, output, cancel) is SchemaState.Current or SchemaState.NewerCompatible ? Done : Failed;
                default:
                    return Done;
            }
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            await output.WriteLineAsync("migrate: stopped; what was not finished is rolled back");
            return Failed;
        }
        catch (Exception problem) when (problem is MigrationException or FormatException)
        {
            await output.WriteLineAsync($"migrate: {problem.Message}");
            return Failed;
        }
        catch (Exception problem) when (problem is NpgsqlException or System.Net.Sockets.SocketException or IOException)
        {
            await output.WriteLineAsync($"migrate: the database said no: {TransientFailure.Reason(problem)}");
            return Failed;
        }
    }

    private const int Done = 0;
    private const int Failed = 1;

    private static async Task<SchemaState> Report(MigrationRunner runner, TextWriter output, CancellationToken cancel)
    {
        var (comparison, applied) = await runner.Inspect(cancel);
        var rows = runner
            .Migrations.Select(migration =>
                (
                    migration.Number,
                    migration.Name,
                    State: comparison.OutOfOrder.Contains(migration) ? "out of order"
                    : comparison.Pending.Contains(migration) ? "pending"
                    : comparison.Changed.Contains(migration) ? "changed"
                    : "ok"
                )
            )
            .Concat(
                comparison.Unknown.Select(row =>
                    (row.Number, row.Name, State: comparison.Excluding.Contains(row) ? "needs a newer binary" : "newer than this binary")
                )
            )
            .ToArray();
        var width = rows.Select(row => row.Name.Length).Append("name".Length).Max();
        await output.WriteLineAsync($"  no  {"name".PadRight(width)}  {"applied at (UTC)", -19}  checksum");
        foreach (var (number, name, state) in rows)
        {
            var at = applied
                .FirstOrDefault(row => row.Number == number)
                ?.AppliedAt.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
            await output.WriteLineAsync($"{number:0000}  {name.PadRight(width)}  {at ?? "-", -19}  {state}");
        }

        await output.WriteLineAsync(
            comparison.State switch
            {
                SchemaState.Current => "the database is current",
                SchemaState.Older => $"the database is behind by {comparison.Pending.Count}: run 'migrate up'",
                SchemaState.NewerCompatible => "the database is newer, and this binary may run on it",
                SchemaState.NewerIncompatible => "the database is newer, and this binary is too old for it",
                _ => "an applied file was changed: restore it and write a new migration instead",
            }
        );
        return comparison.State;
    }
}
