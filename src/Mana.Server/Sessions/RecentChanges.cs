using System.Collections.Concurrent;

namespace Mana.Sessions;

/// <summary>
/// What changed lately, by subject, in memory: bounded in number and in time. Every change gets a number, so that what was read before it
/// can be told from what was read after. A subject has one place, however often it changes: a single busy one must not fill the room of all.
/// </summary>
/// <param name="kept">How long a change is remembered, by the monotonic clock.</param>
/// <param name="subjectsMax">More are not remembered, and whoever adds one is told.</param>
public sealed class RecentChanges(TimeSpan kept, int subjectsMax, TimeProvider clock)
{
    private readonly ConcurrentDictionary<string, LinkedListNode<Change>> _changes = new(StringComparer.Ordinal);

    /// <summary>Whose last change is the oldest comes first.</summary>
    private readonly LinkedList<Change> _order = [];

    private readonly Lock _adding = new();

    private long _newest;

    /// <summary>The number of the newest change.</summary>
    public long Newest => Interlocked.Read(ref _newest);

    public bool Contains(string subject) => _changes.ContainsKey(subject);

    /// <summary>True when the subject changed after the given number.</summary>
    public bool HasChanged(string subject, long since) => _changes.TryGetValue(subject, out var node) && node.Value.Number > since;

    /// <returns>False when there is no room left.</returns>
    public bool TryAdd(string subject)
    {
        lock (_adding)
        {
            Forget();
            var number = _newest + 1;
            var now = clock.GetTimestamp();
            if (_changes.TryGetValue(subject, out var node))
            {
                node.Value.Renew(number, now);
                _order.Remove(node);
                _order.AddLast(node);
            }
            else if (_order.Count < subjectsMax)
            {
                _changes[subject] = _order.AddLast(new Change(subject, number, now));
            }
            else
            {
                return false;
            }

            Interlocked.Exchange(ref _newest, number);
            return true;
        }
    }

    private void Forget()
    {
        while (_order.First is { } oldest && clock.GetElapsedTime(oldest.Value.At) > kept)
        {
            _order.Remove(oldest);
            _changes.TryRemove(oldest.Value.Subject, out _);
        }
    }

    /// <summary>The last change of a subject. Its number is read without the lock.</summary>
    private sealed class Change(string subject, long number, long at)
    {
        private long _number = number;

        public string Subject { get; } = subject;

        public long Number => Interlocked.Read(ref _number);

        public long At { get; private set; } = at;

        public void Renew(long number, long at)
        {
            Interlocked.Exchange(ref _number, number);
            At = at;
        }
    }
}
