using Mana.Platform;
using Mana.Platform.Database;
using Mana.Users;

namespace Mana.Sessions;

/// <summary>Finds the live session of a presented secret, in memory if it can, and extends it when it is due (wire section 4.2).</summary>
public sealed class FindSession(
    Db db,
    LiveSessions live,
    SessionSecrets secrets,
    SessionCache cache,
    RecordActivity activity,
    SessionSettings settings,
    TimeProvider clock
)
{
    private static readonly Scope Renewing = Scope.Service("extend a session");

    /// <param name="mayRenew">False when the request asked to leave the session as it is.</param>
    /// <returns>The session and whether it was extended; a refusal when there is none, or it is expired, revoked or its person gone.</returns>
    public ValueTask<Outcome<FoundSession>> Run(string token, bool mayRenew, CancellationToken cancel)
    {
        if (token.Length > SessionSecrets.TokenLengthMax)
        {
            return ValueTask.FromResult<Outcome<FoundSession>>(Refusals.InvalidSession);
        }

        var now = clock.Now();
        var key = secrets.Key(token);

        // The usual case waits for nothing.
        return cache.Find(key, now) is { } entry && !(mayRenew && entry.Session.IsDueForRenewal(now, settings))
            ? ValueTask.FromResult<Outcome<FoundSession>>(new FoundSession(entry, IsRenewed: false))
            : Ask(token, key, mayRenew, now, cancel);
    }

    /// <summary>
    /// Whoever may be signed in where it matters who is, and nobody need be: "we cannot look" is not the same as "nobody".
    /// </summary>
    /// <returns>Null when nobody is signed in; a refusal only when that cannot be told.</returns>
    public async ValueTask<Outcome<FoundSession?>> Visitor(string? token, bool mayRenew, CancellationToken cancel)
    {
        if (token is null)
        {
            return (FoundSession?)null;
        }

        var found = await Run(token, mayRenew, cancel);

        return found.Refusal is not { } refusal ? found.Value
            : refusal.Is(Refusals.InvalidSession) ? (FoundSession?)null
            : refusal;
    }

    private async ValueTask<Outcome<FoundSession>> Ask(
        string token,
        Digest key,
        bool mayRenew,
        DateTimeOffset now,
        CancellationToken cancel
    )
    {
        if (cache.Find(key, now) is not { } entry)
        {
            var read = await Read(secrets.Hashes(token), key, now);
            if (read.IsRefused)
            {
                return read.Refusal!;
            }

            entry = read.Value;
        }

        return mayRenew && entry.Session.IsDueForRenewal(now, settings)
            ? await Renew(key, entry, now, cancel)
            : new FoundSession(entry, IsRenewed: false);
    }

    private async Task<Outcome<SessionCache.Entry>> Read(byte[][] hashes, Digest key, DateTimeOffset now)
    {
        var reading = cache.Begin();
        foreach (var hash in hashes)
        {
            var found = await live.ByHash(Digest.Of(hash));
            if (found.IsRefused)
            {
                return found.Refusal!;
            }

            if (found.Value is { } read)
            {
                var session = read.Session.Within(settings);
                if (session.ExpiresAt <= now)
                {
                    return Refusals.InvalidSession;
                }

                activity.Note(session.Id);
                return cache.Keep(key, read with { Session = session }, reading);
            }
        }

        return Refusals.InvalidSession;
    }

    private async Task<Outcome<FoundSession>> Renew(Digest key, SessionCache.Entry entry, DateTimeOffset now, CancellationToken cancel)
    {
        var session = entry.Session with { ExpiresAt = entry.Session.ExtendedTo(now, settings), UpdatedAt = now };
        var renewed = await db.Transact<Done>(
            Renewing,
            async tx =>
            {
                // Revoked or renewed by another request since it was read: the first is a no, the second needs nothing.
                var touched = await tx.Run(
                    $"""
                    update auth.sessions
                    set expires_at = {session.ExpiresAt}, refresh_expires_at = {session.ExpiresAt}, updated_at = {now},
                        last_activity_at = {now}
                    where id = {session.Id} and revoked_at is null
                    """
                );

                return touched == 1 ? Done.Yes : Refusals.InvalidSession;
            },
            cancel
        );

        return renewed.Then(_ => new FoundSession(cache.Keep(key, new LiveSession(session, entry.User), entry.Reading), IsRenewed: true));
    }
}

/// <summary>A live session as it was found.</summary>
public sealed record FoundSession(SessionCache.Entry Entry, bool IsRenewed)
{
    public Session Session => Entry.Session;

    public User User => Entry.User;
}
