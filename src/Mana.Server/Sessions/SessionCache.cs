using Mana.Platform;
using Mana.Platform.Database;
using Mana.Tokens;
using Mana.Users;

namespace Mana.Sessions;

/// <summary>
/// Live sessions by the hash of their secret, so that a hit asks no database. An entry is used only while the feed is trusted, and never
/// when its session ended or its person changed after it was read; a fill that raced such a change carries a number that gives it away.
/// </summary>
public sealed class SessionCache(Revocations revocations, Feed feed, SessionSettings settings, TimeProvider clock)
{
    /// <summary>A change is remembered for longer, so that no entry outlives the memory of what ended it.</summary>
    public static readonly TimeSpan AgeMax = TimeSpan.FromMinutes(5);

    private const int SaidMax = 2048;

    private static readonly TimeSpan SoonAgain = TimeSpan.FromMilliseconds(250);

    private readonly Entry?[] _said = new Entry?[SaidMax];

    private int _saidNext;

    private readonly Kept<Digest, Entry> _entries = new(settings.CacheMax);

    /// <summary>Taken before the database is read, and given back with what was found.</summary>
    public Reading Begin() => new(revocations.Now, revocations.Recovery, clock.GetTimestamp());

    public Entry? Find(Digest key, DateTimeOffset now)
    {
        if (!feed.IsTrusted || !_entries.TryGet(key, out var entry))
        {
            return null;
        }

        var (session, user) = (entry.Session, entry.User);
        if (
            entry.Reading.Recovery == revocations.Recovery
            && session.ExpiresAt > now
            && clock.GetElapsedTime(entry.Reading.At) <= AgeMax
            && !revocations.HasEnded(session.Id.Value)
            && !revocations.HasChanged(user.Id.Value, entry.Reading.Number)
        )
        {
            return entry;
        }

        _entries.Remove(key);
        return null;
    }

    public Entry Keep(Digest key, LiveSession live, Reading reading)
    {
        var entry = new Entry(live.Session, live.User, reading);
        _entries.Set(key, entry);

        return entry;
    }

    /// <summary>
    /// Keeps what was said of an entry that is asked for often. Only so many have it: the texts are larger than all the rest, and a hundred
    /// thousand of them would be most of the memory of the process; kept for whoever comes once, they would be garbage of the oldest generation.
    /// </summary>
    public void Remember(Entry entry, Said said)
    {
        var now = clock.GetTimestamp();
        var isSoonAgain = clock.GetElapsedTime(entry.SaidAt, now) < SoonAgain;
        entry.SaidAt = now;
        if (!isSoonAgain)
        {
            return;
        }

        entry.Said = said;
        if (Interlocked.Exchange(ref _said[(uint)Interlocked.Increment(ref _saidNext) % SaidMax], entry) is { } earlier && earlier != entry)
        {
            earlier.Said = null;
        }
    }

    /// <summary>The state of the feed at the moment before a read.</summary>
    public readonly record struct Reading(long Number, long Recovery, long At);

    public sealed class Entry(Session session, User user, Reading reading)
    {
        public Session Session { get; } = session;

        public User User { get; } = user;

        public Reading Reading { get; } = reading;

        /// <summary>The access token the header <c>set-auth-jwt</c> repeats while it has enough life left (ruling 32b).</summary>
        public MintedToken? Token { get; set; }

        /// <summary>When get-session last had to find words for this entry; in the ticks of the clock.</summary>
        public long SaidAt { get; set; } = long.MinValue / 2;

        /// <summary>What get-session said of this entry; there for the entries asked for often.</summary>
        public Said? Said { get; set; }
    }

    /// <summary>An answer of get-session. It holds the session's secret in clear, so it goes nowhere else and leaves with the entry.</summary>
    public sealed record Said(byte[] Json, string Jwt, MintedToken Minted);
}
