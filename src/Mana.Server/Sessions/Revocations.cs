using System.Collections.Concurrent;
using Mana.Platform;
using Mana.Platform.Database;

namespace Mana.Sessions;

/// <summary>
/// Which sessions ended and which people changed during the last life of an access token, in memory. A token of a session that is not here
/// is good if its signature is; one of a person who changed is looked up. Every change gets a number, so that what was read before it can be
/// told from what was read after.
/// </summary>
public sealed class Revocations(Db db, TokenSettings tokens, TimeProvider clock) : IFeedReader
{
    private const char Session = 's';

    private const char Person = 'u';

    private const int ChangesMax = 500_000;

    private const int ChangesBetweenSweeps = 10_000;

    private static readonly Scope Recovering = Scope.Service("read again what was revoked");

    /// <summary>Longer than any token signed before the change can live, with its leeway.</summary>
    private readonly TimeSpan _kept = tokens.AccessLifetime + TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, Change> _sessions = new(StringComparer.Ordinal);

    private readonly ConcurrentDictionary<string, Change> _people = new(StringComparer.Ordinal);

    private long _number;

    private long _recovery;

    /// <summary>The number of the newest change.</summary>
    public long Now => Interlocked.Read(ref _number);

    /// <summary>Grows with every recovery; what was filled under an earlier one is not to be used.</summary>
    public long Recovery => Interlocked.Read(ref _recovery);

    public bool HasEnded(string sessionId) => _sessions.ContainsKey(sessionId);

    /// <summary>True when the person changed after the given number.</summary>
    public bool HasChanged(string userId, long since) => _people.TryGetValue(userId, out var change) && change.Number > since;

    /// <summary>Said by the verb that ended the session, so that this instance knows at once.</summary>
    public void Ended(SessionId id) => Add(_sessions, id.Value);

    /// <summary>The same for a person all of whose sessions or rights changed.</summary>
    public void Changed(UserId id) => Add(_people, id.Value);

    public void Apply(string change)
    {
        switch (change[0])
        {
            case Session:
                Add(_sessions, change[1..]);
                break;
            case Person:
                Add(_people, change[1..]);
                break;
        }
    }

    public async Task Recover(CancellationToken cancel)
    {
        var missed = await db.All<One<string>>(Recovering, $"select subject from auth.revocations limit {ChangesMax}", cancel);
        Invariant.Holds(missed.Count < ChangesMax); // more than memory may hold: the feed stays untrusted and checks ask the database
        foreach (var change in missed)
        {
            Apply(change.Value);
        }

        Interlocked.Increment(ref _recovery);
    }

    private void Add(ConcurrentDictionary<string, Change> changes, string subject)
    {
        var number = Interlocked.Increment(ref _number);
        changes[subject] = new Change(number, clock.GetTimestamp());
        if (number % ChangesBetweenSweeps == 0)
        {
            Sweep(_sessions);
            Sweep(_people);
        }
    }

    private void Sweep(ConcurrentDictionary<string, Change> changes)
    {
        foreach (var entry in changes)
        {
            if (clock.GetElapsedTime(entry.Value.At) > _kept)
            {
                changes.TryRemove(entry); // only if it is still this change
            }
        }
    }

    private readonly record struct Change(long Number, long At);
}
