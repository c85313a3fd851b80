namespace Mana.Platform.Jobs;

/// <summary>Work that recurs. It answers how many rows it dealt with; a full batch is followed by another at once.</summary>
public sealed record Recurring(string Name, TimeSpan Every, Func<IServiceProvider, CancellationToken, Task<int>> Run)
{
    /// <summary>Rows one run deals with at the most, so that no clean-up holds locks for long.</summary>
    public const int BatchMax = 500;
}

/// <summary>Runs what <c>Schedule.cs</c> lists.</summary>
public sealed class RecurringWorker(IReadOnlyList<Recurring> schedule, IServiceProvider services, ILogger<RecurringWorker> logger)
    : BackgroundService
{
    private const int BatchesMax = 100;

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(schedule.Select(recurring => Repeat(recurring, stoppingToken)));

    private async Task Repeat(Recurring recurring, CancellationToken cancel)
    {
        using var timer = new PeriodicTimer(recurring.Every);
        try
        {
            while (await timer.WaitForNextTickAsync(cancel))
            {
                await Run(recurring, cancel);
            }
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            // The service is stopping.
        }
    }

    private async Task Run(Recurring recurring, CancellationToken cancel)
    {
        try
        {
            for (var batch = 0; batch < BatchesMax && await recurring.Run(services, cancel) == Recurring.BatchMax; batch++)
            {
                await Task.Yield();
            }
        }
        catch (Exception cause) when (!cancel.IsCancellationRequested)
        {
            JobLog.NotSwept(logger, recurring.Name, cause);
        }
    }
}
