using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Mana.Platform.Database.Migrations;
using Npgsql;

namespace Mana.Specs.Platform;

public sealed class Migrating_beside_others : IAsyncLifetime
{
    [Fact]
    public async Task Three_at_once_with_an_index_built_concurrently_all_end_well_and_one_applies()
    {
        Migration[] migrations =
        [
            new(1, "numbers", "create table public.numbers as select n from generate_series(1, 50000) as n;"),
            new(2, "index", "-- mana:no-transaction\ncreate index concurrently if not exists numbers_n on public.numbers (n);"),
        ];
        await using var starter = await MigratingScratch.Open(scratch.As(role: null));
        await MigratingScratch.Execute(starter, "select pg_advisory_lock(987654321)");
        MigratingTranscript[] outputs = [new(), new(), new()];

        var runs = outputs.Select(output => MigratingScratch.Migrate(scratch.Environs(), migrations, [], output: output)).ToArray();
        await Until(() => outputs.All(output => output.ToString().Contains("waiting for lock 987654321", StringComparison.Ordinal)));
        await starter.CloseAsync();
        var ended = await Task.WhenAll(runs);

        Assert.All(ended, run => Assert.Equal(0, run.Code));
        Assert.Single(ended, run => run.Output.Contains("applied 0001_numbers.sql", StringComparison.Ordinal));
        Assert.Single(ended, run => run.Output.Contains("applied 0002_index.sql", StringComparison.Ordinal));
        Assert.Equal(2, ended.Count(run => run.Output.Contains("nothing to do", StringComparison.Ordinal)));
        Assert.True(await scratch.Ask<bool>("select indisvalid from pg_index where indexrelid = 'public.numbers_n'::regclass"));
    }

    [Fact]
    public async Task A_lock_held_longer_than_the_timeout_ends_with_1_and_names_its_holder()
    {
        await using var holder = await MigratingScratch.Open(scratch.As(role: null));
        await MigratingScratch.Execute(holder, "select pg_advisory_lock(987654321)");

        var ended = await MigratingScratch.Migrate(scratch.Environs(timeout: "1"), [Quick], []);

        Assert.Equal(1, ended.Code);
        ended.Says($"lock 987654321 was not free within 1 s: server process {holder.ProcessID} holds it");
        Assert.True(await scratch.Ask<bool>("select to_regclass('public.schema_migrations') is null"));
    }

    [Fact]
    public async Task A_lock_freed_in_time_is_taken()
    {
        await using var holder = await MigratingScratch.Open(scratch.As(role: null));
        await MigratingScratch.Execute(holder, "select pg_advisory_lock(987654321)");
        var output = new MigratingTranscript();
        var run = MigratingScratch.Migrate(scratch.Environs(), [Quick], [], output: output);

        await Until(() => output.ToString().Contains("waiting for lock", StringComparison.Ordinal));
        Assert.DoesNotContain("acquired", output.ToString(), StringComparison.Ordinal);
        await holder.CloseAsync();

        Assert.Equal(0, (await run).Code);
    }

    [Fact]
    public async Task A_table_locked_by_a_long_transaction_stops_the_file_after_five_seconds()
    {
        await scratch.Migrate([Quick]);
        await using var reader = await MigratingScratch.Open(scratch.As(role: null));
        await MigratingScratch.Execute(reader, "begin; select * from public.quick;");
        var started = Stopwatch.GetTimestamp();

        var ended = await scratch.Migrate([Quick, new Migration(2, "wide", "alter table public.quick add column wide text;")]);

        Assert.Equal(1, ended.Code);
        ended.Says("0002_wide.sql failed at line 1: 55P03");
        Assert.InRange(Stopwatch.GetElapsedTime(started).TotalSeconds, 4.5, 15);
    }

    [Fact]
    public async Task A_migrator_whose_server_process_is_terminated_ends_with_1_and_the_next_one_applies()
    {
        var run = scratch.Migrate([Quick, Slow]);
        await Until(() => scratch.Ask<bool>(IsSleeping));
        await scratch.Do(
            "select pg_terminate_backend(pid) from pg_stat_activity where query like '%pg_sleep(60)%' and pid <> pg_backend_pid()"
        );

        var ended = await run;

        Assert.Equal(1, ended.Code);
        ended.Says("0002_slow.sql failed at line 1: 57P01");
        Assert.Equal(0, (await scratch.Migrate([Quick, new Migration(2, "slow", "select 1;")])).Code);
    }

    [Fact]
    public async Task A_cancelled_migrator_rolls_back_frees_the_lock_and_ends_with_1()
    {
        using var stop = new CancellationTokenSource();
        var run = MigratingScratch.Migrate(scratch.Environs(), [Slow with { Number = 1 }], [], cancel: stop.Token);
        await Until(() => scratch.Ask<bool>(IsSleeping));

        await stop.CancelAsync();
        var ended = await run;

        Assert.Equal(1, ended.Code);
        ended.Says("stopped; what was not finished is rolled back");
        ended.Says("released lock 987654321");
        Assert.Equal(0, await scratch.Ask<long>("select count(*) from public.schema_migrations"));
    }

    [Fact]
    public async Task A_database_that_refuses_at_first_is_tried_again()
    {
        var address = new NpgsqlConnectionStringBuilder(scratch.Owner);
        using var closed = new TcpListener(IPAddress.Loopback, 0);
        closed.Start();
        var port = ((IPEndPoint)closed.LocalEndpoint).Port;
        closed.Stop();
        var through = new NpgsqlConnectionStringBuilder(scratch.Owner) { Host = "127.0.0.1", Port = port }.ConnectionString;
        var output = new MigratingTranscript();

        var run = MigratingScratch.Migrate(scratch.Environs(url: through), [Quick], [], output: output);
        await Until(() => output.ToString().Contains("try 2 of 5", StringComparison.Ordinal));
        using var relay = new TcpListener(IPAddress.Loopback, port);
        relay.Start();
        using var inside = await relay.AcceptTcpClientAsync();
        using var outside = new TcpClient();
        await outside.ConnectAsync(address.Host!, address.Port);
        var copies = Task.WhenAll(inside.GetStream().CopyToAsync(outside.GetStream()), outside.GetStream().CopyToAsync(inside.GetStream()));

        Assert.Equal(0, (await run).Code);
        outside.Close();
        inside.Close();
        await Task.WhenAny(copies);
    }

    [Fact]
    public async Task A_database_that_keeps_refusing_is_given_up_after_five_tries()
    {
        using var closed = new TcpListener(IPAddress.Loopback, 0);
        closed.Start();
        var port = ((IPEndPoint)closed.LocalEndpoint).Port;
        closed.Stop();
        var through = new NpgsqlConnectionStringBuilder(scratch.Owner) { Host = "127.0.0.1", Port = port }.ConnectionString;

        var ended = await MigratingScratch.Migrate(scratch.Environs(url: through), [Quick], [], clock: new HastyClock());

        Assert.Equal(1, ended.Code);
        Assert.Equal(4, ended.Output.Split("the database cannot be used yet").Length - 1);
        ended.Says("could not be used in 5 tries");
    }

    [Fact]
    public async Task A_wrong_password_is_not_tried_again_and_not_shown()
    {
        var wrong = new NpgsqlConnectionStringBuilder(scratch.Owner)
        {
            Username = "mana_nobody",
            Password = "not-this-one",
        }.ConnectionString;

        var ended = await MigratingScratch.Migrate(scratch.Environs(url: wrong), [Quick], []);

        Assert.Equal(1, ended.Code);
        ended.Hides("try 2");
        ended.Hides("not-this-one");
    }

    public async ValueTask InitializeAsync() => scratch = await MigratingScratch.Create();

    public ValueTask DisposeAsync() => scratch.DisposeAsync();

    private static readonly Migration Quick = new(1, "quick", "create table public.quick (id integer);");
    private static readonly Migration Slow = new(2, "slow", "select pg_sleep(60);");

    private const string IsSleeping =
        "select exists (select from pg_stat_activity where datname = current_database() and wait_event = 'PgSleep')";

    private MigratingScratch scratch = null!;

    private static Task Until(Func<bool> holds) => Until(() => Task.FromResult(holds()));

    private static async Task Until(Func<Task<bool>> holds)
    {
        for (var started = Stopwatch.GetTimestamp(); !await holds(); await Task.Delay(20))
        {
            Assert.True(Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(20), "waited 20 s in vain");
        }
    }

    /// <summary>Its pauses are a hundredth as long.</summary>
    private sealed class HastyClock : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            base.CreateTimer(callback, state, dueTime / 100, period);
    }
}
