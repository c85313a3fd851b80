using System.Collections.Concurrent;
using Mana.Specs.World;

namespace Mana.Specs.Faults;

/// <summary>
/// Does something to the first fitting message of each connection that has run a statement since this watch began, up to so many times.
/// Other connections, the job worker's for instance, are left alone. A connection that is cut may still have messages under way; they count
/// for nothing.
/// </summary>
public sealed class OneCut(string sql, Func<PostgresMessage, bool> when, Func<CancellationToken, Task<Fate>> what, int times = 1)
{
    /// <summary>Connections that have run the statement, and whether the thing is still to be done to them.</summary>
    private readonly ConcurrentDictionary<int, bool> _meant = new();

    private int _done;

    public OneCut(string sql, Func<PostgresMessage, bool> when, Fate fate, int times = 1)
        : this(sql, when, _ => Task.FromResult(fate), times) { }

    /// <summary>
    /// A text the request carries along, its key for instance: work that an earlier spec gave up may still be going on in the server and run
    /// the same statement.
    /// </summary>
    public string? About { get; init; }

    /// <summary>How often it has happened.</summary>
    public int Done => Math.Min(_done, times);

    public async Task<Fate> Inspect(PostgresMessage message, CancellationToken cancel)
    {
        if (message.FlightRuns(sql) && (About is null || message.FlightMentions(About)))
        {
            _meant.TryAdd(message.Connection, true);
        }

        return when(message) && _meant.TryUpdate(message.Connection, false, true) && Interlocked.Increment(ref _done) <= times
            ? await what(cancel)
            : Fate.Forward;
    }
}
