using Mana.Platform;
using Mana.Platform.Database;

namespace Mana.Sessions;

/// <summary>
/// Which sessions ended and which people changed during the last life of an access token, in memory. A token of a session that is not here
/// is good if its signature is; one of a person who changed is looked up.
/// </summary>
public sealed class Revocations(Db db, TimeProvider clock) : IFeedReader
{
    private const char Session = 's';

    private const char Person = 'u';

    /// <summary>Subjects of each kind. More than fit mean that memory is incomplete: the feed stays broken, and checks ask the database.</summary>
    private const int SubjectsMax = 200_000;

    private static readonly Scope Recovering = Scope.Service("read again what was revoked");

    /// <summary>
    /// Longer than any token or cached session from before the change can be used, with its leeway. The highest life a token may have, not
    /// the one that is set: a token may come from an instance, or a time, that gave it a longer one.
    /// </summary>
    private static readonly TimeSpan Kept = TokenSettings.AccessLifetimeMax + TimeSpan.FromMinutes(1);

    private readonly RecentChanges _sessions = new(Kept, SubjectsMax, clock);

    private readonly RecentChanges _people = new(Kept, SubjectsMax, clock);

    private long _recovery;

    /// <summary>The number of the newest change of a person.</summary>
    public long Now => _people.Newest;

    /// <summary>Grows with every recovery; what was filled under an earlier one is not to be used.</summary>
    public long Recovery => Interlocked.Read(ref _recovery);

    public bool HasEnded(string sessionId) => _sessions.Contains(sessionId);

    /// <summary>True when the person changed after the given number.</summary>
    public bool HasChanged(string userId, long since) => _people.HasChanged(userId, since);

    /// <summary>Said by the verb that ended the session, so that this instance knows at once.</summary>
    public void Ended(SessionId id) => _sessions.TryAdd(id.Value); // no room left: the feed brings it too, and breaks over it

    /// <summary>The same for a person all of whose sessions or rights changed.</summary>
    public void Changed(UserId id) => _people.TryAdd(id.Value);

    public void Apply(string change)
    {
        var isKept = change[0] switch
        {
            Session => _sessions.Contains(change[1..]) || _sessions.TryAdd(change[1..]), // it ends once, and is often told twice
            Person => _people.TryAdd(change[1..]),
            _ => true,
        };
        if (!isKept)
        {
            throw new TooManyChangesException();
        }
    }

    public Task Settle(CancellationToken cancel) => Task.CompletedTask;

    public async Task Recover(CancellationToken cancel)
    {
        // By the time of the newest row: both times are the database's, so nobody's clock has to agree with another.
        var missed = await db.All<One<string>>(
            Recovering,
            $"""
            select distinct subject from auth.revocations
            where at > (select max(at) from auth.revocations) - {(int)Kept.TotalSeconds} * interval '1 second'
            limit {SubjectsMax + 1}
            """,
            cancel
        );
        if (missed.Count > SubjectsMax)
        {
            throw new TooManyChangesException();
        }

        missed.ForEach(change => Apply(change.Value));
        Interlocked.Increment(ref _recovery);
    }
}

/// <summary>More sessions or people changed during the life of an access token than memory may hold.</summary>
public sealed class TooManyChangesException() : Exception("More changed lately than memory may hold.");
