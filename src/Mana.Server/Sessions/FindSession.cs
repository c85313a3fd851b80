using Mana.Platform;
using Mana.Platform.Database;
using Mana.Users;
using Npgsql;

namespace Mana.Sessions;

/// <summary>A live session and its person.</summary>
public sealed record LiveSession(Session Session, User User) : IRow<LiveSession>
{
    public static LiveSession Read(NpgsqlDataReader row) => new(Session.Read(row), User.Read(row, Session.Columns));
}

/// <summary>Finds the live session of a presented secret, in memory if it can, and extends it when it is due (wire section 4.2).</summary>
public sealed class FindSession(Db db, SessionSecrets secrets, SessionCache cache, SessionSettings settings, TimeProvider clock)
{
    private const int TokenLengthMax = 64;

    private static readonly Scope Finding = Scope.Service("find a session by its secret");

    private static readonly Scope Renewing = Scope.Service("extend a session");

    /// <param name="mayRenew">False when the request asked to leave the session as it is.</param>
    /// <returns>The session and whether it was extended; a refusal when there is none, or it is expired, revoked or its person gone.</returns>
    public async ValueTask<Outcome<FoundSession>> Run(string token, bool mayRenew, CancellationToken cancel)
    {
        if (token.Length > TokenLengthMax)
        {
            return Refusals.InvalidSession;
        }

        var now = clock.Now();
        var hashes = secrets.Hashes(token);
        var key = Digest.Of(hashes[0]);
        var entry = cache.Find(key, now) ?? await Read(hashes, key, now, cancel);
        if (entry is null)
        {
            return Refusals.InvalidSession;
        }

        return mayRenew && entry.Live.Session.IsDueForRenewal(now, settings.UpdateAge)
            ? await Renew(key, entry, now, cancel)
            : new FoundSession(entry, IsRenewed: false);
    }

    private async Task<SessionCache.Entry?> Read(byte[][] hashes, Digest key, DateTimeOffset now, CancellationToken cancel)
    {
        var reading = cache.Begin();
        foreach (var hash in hashes)
        {
            if (await Read(hash, cancel) is { } live)
            {
                return live.Session.ExpiresAt > now ? cache.Keep(key, live, reading) : null;
            }
        }

        return null;
    }

    // One hash, and nothing else an index could be used for: with an array or an expiry in the condition the plan for all values walks the
    // index on expires_at, which is every live session there is.
    private Task<LiveSession?> Read(byte[] hash, CancellationToken cancel) =>
        db.Find<LiveSession>(
            Finding,
            $"""
            select s.id, s.user_id, s.expires_at, s.lifetime_seconds, s.remember_me, s.ip_address, s.user_agent, s.device_id,
                s.device_name, s.active_organization_id, s.created_at, s.updated_at,
                u.id, u.name, u.email, u.email_verified, u.image, u.role::text, u.two_factor_enabled, u.created_at, u.updated_at,
                u.deleted_at
            from auth.sessions s
            join auth.users u on u.id = s.user_id
            where s.token_hash = {hash} and s.revoked_at is null and u.deleted_at is null and u.banned_at is null
            """,
            cancel
        );

    private async Task<Outcome<FoundSession>> Renew(Digest key, SessionCache.Entry entry, DateTimeOffset now, CancellationToken cancel)
    {
        var session = entry.Live.Session with { ExpiresAt = now + entry.Live.Session.Lifetime, UpdatedAt = now };
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

        return renewed.Then(_ => new FoundSession(cache.Keep(key, entry.Live with { Session = session }, entry.Reading), IsRenewed: true));
    }
}

/// <summary>A live session as it was found.</summary>
public sealed record FoundSession(SessionCache.Entry Entry, bool IsRenewed)
{
    public Session Session => Entry.Live.Session;

    public User User => Entry.Live.User;
}
