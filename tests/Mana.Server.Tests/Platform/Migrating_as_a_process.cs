using System.Diagnostics;
using Mana.Operations;
using Mana.Platform.Database.Migrations;

namespace Mana.Specs.Platform;

/// <summary>The server binary itself, started as an operator starts it.</summary>
public sealed class Migrating_as_a_process : IAsyncLifetime
{
    [Fact]
    public async Task Three_at_once_all_end_with_0_and_each_file_is_applied_once()
    {
        await using var starter = await MigratingScratch.Open(scratch.As(role: null));
        await MigratingScratch.Execute(starter, "select pg_advisory_lock(987654321)");
        var processes = Enumerable.Range(0, 3).Select(_ => Start("migrate", "up")).ToArray();
        await Until(
            "select 3 = (select count(*) from pg_stat_activity where datname = current_database() and application_name = 'mana migrate')"
        );
        await starter.CloseAsync();
        var outputs = await Task.WhenAll(processes.Select(process => process.StandardOutput.ReadToEndAsync()));
        await Task.WhenAll(processes.Select(process => process.WaitForExitAsync()));

        Assert.All(processes, process => Assert.Equal(0, process.ExitCode));
        Assert.All(outputs, output => Assert.Contains("acquired lock 987654321", output, StringComparison.Ordinal));
        var applied = outputs.SelectMany(output => output.Split('\n')).Where(line => line.StartsWith("applied ", StringComparison.Ordinal));
        Assert.Equal(
            MigrationFiles.In(typeof(MigrateCommand).Assembly).Select(migration => migration.File),
            applied.Select(line => line.Split(' ')[1]).Order(StringComparer.Ordinal),
            StringComparer.Ordinal
        );
        Assert.All(processes, process => process.Dispose());
    }

    [Fact]
    public async Task Killed_in_the_middle_of_a_statement_it_frees_the_lock_within_a_second()
    {
        await MakeEveryChangeSleep();
        using var process = Start("migrate", "up");
        await UntilItSleeps();
        await using var next = await MigratingScratch.Open(scratch.Owner);
        await using var tryLock = next.CreateCommand();
        tryLock.CommandText = "select pg_try_advisory_lock(987654321)";
        Assert.Equal(false, await tryLock.ExecuteScalarAsync());

        process.Kill();
        var killed = Stopwatch.GetTimestamp();
        while (await tryLock.ExecuteScalarAsync() is not true && Stopwatch.GetElapsedTime(killed) < TimeSpan.FromSeconds(10))
        {
            await Task.Delay(20);
        }

        Assert.InRange(Stopwatch.GetElapsedTime(killed), TimeSpan.Zero, TimeSpan.FromSeconds(1));
        Assert.True(await scratch.Ask<bool>("select to_regclass('public.schema_migrations') is null"));
    }

    [Fact]
    public async Task Told_to_end_it_rolls_back_frees_the_lock_and_ends_with_1()
    {
        await MakeEveryChangeSleep();
        using var process = Start("migrate");
        await UntilItSleeps();

        using var told = Process.Start("kill", ["-TERM", process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();

        Assert.Equal(1, process.ExitCode);
        Assert.Contains("stopped; what was not finished is rolled back", output, StringComparison.Ordinal);
        Assert.Contains("released lock 987654321", output, StringComparison.Ordinal);
    }

    public async ValueTask InitializeAsync() => scratch = await MigratingScratch.Create();

    public ValueTask DisposeAsync() => scratch.DisposeAsync();

    private MigratingScratch scratch = null!;

    private Process Start(params string[] args)
    {
        var start = new ProcessStartInfo(
            Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "mana-server.exe" : "mana-server"),
            args
        )
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        foreach (var (name, value) in scratch.Environs())
        {
            start.Environment[name] = value;
        }

        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Development";
        return Process.Start(start)!;
    }

    /// <summary>The first statement of any migrator that changes the schema then takes a minute.</summary>
    private async Task MakeEveryChangeSleep()
    {
        await scratch.Do("create function public.sleep() returns event_trigger language plpgsql as 'begin perform pg_sleep(60); end'");
        await scratch.Do("create event trigger slow on ddl_command_start execute function public.sleep()");
    }

    private Task UntilItSleeps() =>
        Until("select exists (select from pg_stat_activity where datname = current_database() and wait_event = 'PgSleep')");

    private async Task Until(string holds)
    {
        for (var started = Stopwatch.GetTimestamp(); !await scratch.Ask<bool>(holds); await Task.Delay(20))
        {
            Assert.True(Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(20), "waited 20 s in vain");
        }
    }
}
