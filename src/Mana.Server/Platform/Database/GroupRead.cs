using System.Threading.Channels;

namespace Mana.Platform.Database;

/// <summary>
/// Reads for many at once: whatever queued while the last look-up was on its way is asked for in the next, in one statement. There is no
/// timer, so an idle system waits for nobody, and every answer was read after it was asked for.
/// </summary>
/// <param name="queueMax">How many may wait; beyond it the answer is <see cref="Refusals.Busy"/>.</param>
/// <param name="look">One look-up for different keys; what it does not answer is not there.</param>
public sealed class GroupRead<TKey, TRow>(int queueMax, Func<TKey[], CancellationToken, Task<IReadOnlyDictionary<TKey, TRow>>> look)
    where TKey : notnull
    where TRow : class
{
    private const int GroupMax = 256;

    /// <summary>Two, so that one connection that answers no more does not stop everybody.</summary>
    private const int LookUpsMax = 2;

    private readonly Channel<Question> _queue = Channel.CreateBounded<Question>(
        new BoundedChannelOptions(queueMax) { FullMode = BoundedChannelFullMode.Wait }
    );

    /// <returns>Null when there is no such row.</returns>
    public async ValueTask<Outcome<TRow?>> Find(TKey key)
    {
        var question = new Question(key);

        return _queue.Writer.TryWrite(question) ? await question.Answer.Task : Refusals.Busy;
    }

    /// <summary>Answers until it is cancelled; then whoever still waits is sent away.</summary>
    public async Task Run(CancellationToken cancel)
    {
        await Task.WhenAll(Enumerable.Range(0, LookUpsMax).Select(_ => Serve(cancel)));
        SendAway();
    }

    private async Task Serve(CancellationToken cancel)
    {
        try
        {
            while (await _queue.Reader.WaitToReadAsync(cancel))
            {
                var group = new List<Question>();
                while (group.Count < GroupMax && _queue.Reader.TryRead(out var question))
                {
                    group.Add(question);
                }

                if (group.Count > 0)
                {
                    await Look(group, cancel);
                }
            }
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            // The service is stopping.
        }
    }

    private async Task Look(List<Question> group, CancellationToken cancel)
    {
        try
        {
            var found = await look([.. group.Select(question => question.Key).Distinct()], cancel);
            foreach (var question in group)
            {
                question.Answer.TrySetResult(found.GetValueOrDefault(question.Key));
            }
        }
        catch (Exception cause)
        {
            group.ForEach(question => question.Answer.TrySetException(cause));
            if (IsLate(cause))
            {
                SendAway(); // who queued meanwhile has waited almost as long; another attempt would double it
            }
        }
    }

    private void SendAway()
    {
        while (_queue.Reader.TryRead(out var left))
        {
            left.Answer.TrySetResult(Refusals.ServiceUnavailable);
        }
    }

    private static bool IsLate(Exception? cause) => cause is not null && (cause is TimeoutException || IsLate(cause.InnerException));

    private sealed record Question(TKey Key)
    {
        public TaskCompletionSource<Outcome<TRow?>> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
