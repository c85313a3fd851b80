using System.Collections.Concurrent;
using Mana.Specs.World;

namespace Mana.Specs.Faults;

/// <summary>
/// Does something to the first fitting messages of connections that have run a statement since this watch began. Other connections, the
/// job worker's for instance, are left alone.
/// </summary>
public sealed class OneCut(string sql, Func<PostgresMessage, bool> when, Func<CancellationToken, Task<Fate>> what, int times = 1)
{
    private readonly ConcurrentDictionary<int, bool> _meant = new();

    private int _done;

    public OneCut(string sql, Func<PostgresMessage, bool> when, Fate fate, int times = 1)
        : this(sql, when, _ => Task.FromResult(fate), times) { }

    /// <summary>How often it has happened.</summary>
    public int Done => Math.Min(_done, times);

    public async Task<Fate> Inspect(PostgresMessage message, CancellationToken cancel)
    {
        if (message.FlightRuns(sql))
        {
            _meant[message.Connection] = true;
        }

        return _meant.ContainsKey(message.Connection) && when(message) && Interlocked.Increment(ref _done) <= times
            ? await what(cancel)
            : Fate.Forward;
    }
}
