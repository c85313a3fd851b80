using System.Collections.Concurrent;
using Mana.Platform;
using Mana.Platform.Telemetry;

namespace Mana.Passwords;

/// <summary>
/// Password hashes run here and nowhere else: on own threads, one less than there are cores, behind a bounded queue (ruling 7). A storm
/// of sign-ins then waits for itself and leaves validation alone.
/// </summary>
public sealed class HashingLane : IDisposable
{
    private readonly BlockingCollection<Action> _queue;

    private volatile bool _isStopping;

    public HashingLane(PasswordSettings settings)
    {
        _queue = new BlockingCollection<Action>(settings.QueueMax);
        var width = Math.Max(1, Environment.ProcessorCount - 1);
        for (var number = 1; number <= width; number++)
        {
            new Thread(Work)
            {
                Name = $"hashing-{number}",
                IsBackground = true,
                Priority = ThreadPriority.BelowNormal,
            }.Start();
        }
    }

    /// <summary>Runs the work in its turn; a full queue is <see cref="Refusals.Busy"/>.</summary>
    public async Task<Outcome<T>> Run<T>(Func<T> work, CancellationToken cancel)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        var isQueued = _queue.TryAdd(() =>
        {
            if (cancel.IsCancellationRequested || _isStopping)
            {
                done.TrySetCanceled(cancel); // nobody waits for this hash any more, or it would keep the service from stopping
                return;
            }

            try
            {
                done.TrySetResult(work());
            }
            catch (Exception cause)
            {
                done.TrySetException(cause);
            }
        });

        if (!isQueued)
        {
            return Refusals.Busy;
        }

        Signals.HashingQueue(+1);
        try
        {
            return await done.Task;
        }
        finally
        {
            Signals.HashingQueue(-1);
        }
    }

    public void Dispose()
    {
        if (_isStopping)
        {
            return;
        }

        _isStopping = true;
        _queue.CompleteAdding();
        while (_queue.TryTake(out var left))
        {
            left(); // sends away whoever waits for it
        }

        _queue.Dispose();
    }

    private void Work()
    {
        try
        {
            foreach (var work in _queue.GetConsumingEnumerable())
            {
                work();
            }
        }
        catch (ObjectDisposedException)
        {
            // The service is stopping, and nobody waits any more.
        }
    }
}
