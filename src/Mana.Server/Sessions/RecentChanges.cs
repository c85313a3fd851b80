using System.Collections.Concurrent;

namespace Mana.Sessions;

/// <summary>
/// What changed lately, by subject, in memory: bounded in number and in time. Every change gets a number, so that what was read before it
/// can be told from what was read after.
/// </summary>
/// <param name="kept">How long a change is remembered, by the monotonic clock.</param>
/// <param name="changesMax">More are not remembered, and whoever adds one is told.</param>
public sealed class RecentChanges(TimeSpan kept, int changesMax, TimeProvider clock)
{
    private readonly ConcurrentDictionary<string, long> _numbers = new(StringComparer.Ordinal);

    private readonly Queue<Change> _order = new();

    private readonly Lock _adding = new();

    private long _newest;

    /// <summary>The number of the newest change.</summary>
    public long Newest => Interlocked.Read(ref _newest);

    public bool Contains(string subject) => _numbers.ContainsKey(subject);

    /// <summary>True when the subject changed after the given number.</summary>
    public bool HasChanged(string subject, long since) => _numbers.TryGetValue(subject, out var number) && number > since;

    /// <returns>False when there is no room left.</returns>
    public bool TryAdd(string subject)
    {
        lock (_adding)
        {
            Forget();
            if (_order.Count >= changesMax)
            {
                return false;
            }

            var number = _newest + 1;
            _numbers[subject] = number;
            _order.Enqueue(new Change(subject, number, clock.GetTimestamp()));
            Interlocked.Exchange(ref _newest, number);
            return true;
        }
    }

    private void Forget()
    {
        while (_order.TryPeek(out var oldest) && clock.GetElapsedTime(oldest.At) > kept)
        {
            _order.Dequeue();
            _numbers.TryRemove(new KeyValuePair<string, long>(oldest.Subject, oldest.Number)); // unless it changed again
        }
    }

    private readonly record struct Change(string Subject, long Number, long At);
}
