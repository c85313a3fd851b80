using Mana.Platform.Database;
using Mana.Platform.Telemetry;

namespace Mana.Platform.Jobs;

/// <summary>
/// Takes due jobs under a lease and runs them. Any number of workers share the queue: a row locked by one is skipped by the others, and a
/// worker that dies gives its rows back when the lease runs out.
/// </summary>
public sealed class JobWorker(Db db, IEnumerable<IJobRunner> runners, TimeProvider clock, ILogger<JobWorker> logger) : BackgroundService
{
    private const int BatchMax = 16;

    private const int AttemptsMax = 8;

    private const double WaitGrowth = 4;

    /// <summary>Eight attempts then span almost five hours, which a mail server may be away for maintenance.</summary>
    private static readonly TimeSpan FirstWait = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan LongestWait = TimeSpan.FromHours(3);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromSeconds(1);

    /// <summary>Longer than the slowest mail server is waited for, so that nobody takes a job that is still running.</summary>
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(60);

    private static readonly Scope Working = Scope.Service("run jobs");

    private readonly Dictionary<string, IJobRunner> _runners = runners.ToDictionary(runner => runner.Kind, StringComparer.Ordinal);

    /// <summary>Runs everything that is due now.</summary>
    /// <returns>How many jobs were taken.</returns>
    public async Task<int> RunDue(CancellationToken cancel)
    {
        var jobs = await Take(cancel);

        // Side by side: one after the other a slow mail server could outlast the lease, and a second worker would send the mail again.
        await Task.WhenAll(jobs.Select(job => Run(job, cancel)));

        return jobs.Count;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (await RunDue(stoppingToken) == 0)
                {
                    await Task.Delay(Pause, stoppingToken);
                }
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception cause)
            {
                JobLog.Unreachable(logger, cause.GetType().Name);
                await Task.Delay(PauseAfterFailure, CancellationToken.None);
            }
        }
    }

    private async Task<List<Job>> Take(CancellationToken cancel)
    {
        var now = clock.Now();
        var taken = await db.Transact<List<Job>>(
            Working,
            async tx =>
                await tx.All<Job>(
                    $"""
                    update jobs.jobs set leased_until = {now + Lease}, attempts = attempts + 1
                    where id = any (array(
                        select id from jobs.jobs
                        where parked_at is null and run_at <= {now} and (leased_until is null or leased_until <= {now})
                        order by run_at
                        limit {BatchMax}
                        for update skip locked))
                    returning id, kind, payload::text, sealed, user_id, attempts
                    """
                ),
            cancel
        );

        return taken.Value;
    }

    private async Task Run(Job job, CancellationToken cancel)
    {
        try
        {
            await _runners[job.Kind].Run(job, cancel);
            await Write($"delete from jobs.jobs where id = {job.Id} and attempts = {job.Attempts}");
            Signals.JobRan(job.Kind, "done");
        }
        catch (Exception) when (cancel.IsCancellationRequested)
        {
            // The service stops: whoever takes over need not wait for the lease, and no attempt is used up.
            await Write(
                $"update jobs.jobs set leased_until = null, attempts = attempts - 1 where id = {job.Id} and attempts = {job.Attempts}"
            );
        }
        catch (Exception cause)
        {
            await Fail(job, cause);
        }
    }

    private async Task Fail(Job job, Exception cause)
    {
        var now = clock.Now();
        var error = cause.GetType().Name;
        if (job.Attempts >= AttemptsMax)
        {
            Signals.JobRan(job.Kind, "parked");
            JobLog.Parked(logger, job.Id, job.Kind, job.Attempts, error);
            await Write(
                $"update jobs.jobs set parked_at = {now}, sealed = null, last_error = {error} where id = {job.Id} and attempts = {job.Attempts}"
            );
            return;
        }

        Signals.JobRan(job.Kind, "failed");
        JobLog.Retried(logger, job.Id, job.Kind, job.Attempts, error);
        var wait = FirstWait * Math.Pow(WaitGrowth, job.Attempts - 1);
        var retryAt = now + (wait < LongestWait ? wait : LongestWait);
        await Write(
            $"update jobs.jobs set run_at = {retryAt}, leased_until = null, last_error = {error} where id = {job.Id} and attempts = {job.Attempts}"
        );
    }

    // Taking a job raises its attempts: whoever was away for longer than the lease finds another number and changes nothing.
    private Task<int> Write(Sql sql) => db.Run(Working, sql, CancellationToken.None);
}
