using System.Collections.Concurrent;
using Mana.Platform.Database;
using Mana.Platform.Jobs;
using Mana.Specs.World;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Mana.Specs.Platform;

/// <summary>Workers of their own, a day ahead of the house, so that its worker does not see their jobs.</summary>
public sealed class Sharing_the_job_queue(House house) : IClassFixture<House>
{
    private const int Jobs = 200;

    [Fact]
    public async Task Eight_workers_run_each_of_two_hundred_jobs_once()
    {
        var clock = Tomorrow();
        var runs = new Counting("counted-once");
        await Insert(runs.Kind, Jobs, clock);

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => WorkUntilNothingIsLeft(Worker(runs, clock))));

        Assert.Equal(Jobs, runs.Of.Count);
        Assert.All(runs.Of.Values, count => Assert.Equal(1, count));
        Assert.Equal(0L, await house.Database.Read<long>("select count(*) from jobs.jobs where kind = $1", runs.Kind));
    }

    [Fact]
    public async Task A_job_whose_worker_died_is_left_alone_until_the_lease_is_over_and_then_run_by_another()
    {
        var clock = Tomorrow();
        var runs = new Counting("given-back");
        await Insert(runs.Kind, 1, clock);
        await house.Database.Tamper(
            "update jobs.jobs set attempts = 1, leased_until = $2 where kind = $1",
            runs.Kind,
            clock.GetUtcNow().AddSeconds(60).UtcDateTime
        );
        var survivor = Worker(runs, clock);

        clock.Move(TimeSpan.FromSeconds(59));
        Assert.Equal(0, await survivor.RunDue(CancellationToken.None));
        clock.Move(TimeSpan.FromSeconds(2));
        Assert.Equal(1, await survivor.RunDue(CancellationToken.None));

        Assert.Equal(1, Assert.Single(runs.Of).Value);
    }

    [Fact]
    public async Task A_job_whose_worker_is_told_to_stop_is_taken_over_at_once()
    {
        var clock = Tomorrow();
        var runs = new Counting("handed-over");
        var endless = new Endless("handed-over");
        await Insert(runs.Kind, 1, clock);
        using var stop = new CancellationTokenSource();
        var stopping = Worker(endless, clock).RunDue(stop.Token);
        await endless.HasBegun.Task;
        await stop.CancelAsync();
        await stopping;

        Assert.Equal(0, await house.Database.Read<int>("select attempts from jobs.jobs where kind = $1", runs.Kind));
        Assert.Equal(1, await Worker(runs, clock).RunDue(CancellationToken.None));

        Assert.Equal(1, Assert.Single(runs.Of).Value);
    }

    private static async Task WorkUntilNothingIsLeft(JobWorker worker)
    {
        while (await worker.RunDue(CancellationToken.None) > 0)
        {
            await Task.Yield();
        }
    }

    private JobWorker Worker(IJobRunner runs, FakeClock clock) =>
        new(house.Services.GetRequiredService<Db>(), [runs], clock, NullLogger<JobWorker>.Instance);

    private static FakeClock Tomorrow()
    {
        var clock = new FakeClock();
        clock.Move(TimeSpan.FromDays(1));

        return clock;
    }

    private Task<int> Insert(string kind, int count, FakeClock clock) =>
        house.Database.Tamper(
            """
            insert into jobs.jobs (id, kind, payload, run_at, created_at)
            select gen_random_uuid(), $1, '{}', $2, $2 from generate_series(1, $3)
            """,
            kind,
            clock.GetUtcNow().AddMinutes(-1).UtcDateTime,
            count
        );

    private sealed class Endless(string kind) : IJobRunner
    {
        public TaskCompletionSource HasBegun { get; } = new();

        public string Kind => kind;

        public Task Run(Job job, CancellationToken cancel)
        {
            HasBegun.TrySetResult();
            return Task.Delay(Timeout.Infinite, cancel);
        }
    }

    private sealed class Counting(string kind) : IJobRunner
    {
        public string Kind => kind;

        public ConcurrentDictionary<Guid, int> Of { get; } = new();

        public async Task Run(Job job, CancellationToken cancel)
        {
            Of.AddOrUpdate(job.Id, 1, (_, count) => count + 1);
            await Task.Delay(1, cancel); // long enough for the others to come
        }
    }
}
