using System.Security.Cryptography;
using Mana.Platform;
using Mana.Platform.Database;
using Mana.Platform.Http;

namespace Mana.Sessions;

/// <summary>
/// Makes a session, in the caller's transaction. Only the gate calls this: a session is granted there or nowhere (D2). One person has so
/// many live sessions and no more; the one unused for longest makes room (SES-08).
/// </summary>
public sealed class OpenSession(SessionSecrets secrets, RefreshTokens refreshTokens, RevokeSession revoke, SessionSettings settings)
{
    private const int SaltBytes = 16;

    /// <param name="beside">Statements that go along in the same round trip and answer no rows: the event of the sign-in.</param>
    /// <returns>A refusal when the person was banned or closed their account while they signed in.</returns>
    public async Task<Outcome<OpenedSession>> Run(
        Tx tx,
        UserId userId,
        Stay stay,
        Requester requester,
        Device device,
        DateTimeOffset now,
        params Sql[] beside
    )
    {
        var session = New(userId, stay, requester, device, now);
        var token = SessionSecrets.NewToken();
        var salt = RandomNumberGenerator.GetBytes(SaltBytes);
        var replaced = await Replace(tx, userId, requester, now);

        // The person's row is locked, so that sign-ins of one person take turns: the second counts the session of the first.
        var (present, evicted) = await tx.All<One<string>, EndedSession>([
            .. beside,
            $"select id from auth.users where id = {userId} and deleted_at is null and banned_at is null for no key update",
            Insert(session, secrets.Hash(token), salt),
            Evict(session, now),
        ]);
        if (present.Count == 0)
        {
            return Refusals.InvalidCredentials;
        }

        await revoke.Record(tx, evicted, RevokedReason.Evicted, requester, now);

        return new OpenedSession(session, token, refreshTokens.Of(session.Id, clientId: "", 0, salt)) { Replaced = replaced };
    }

    // What the browser holds of the same person ends here: nobody needs two, and the cookie of a lost one could never be ended (wire section
    // 12.2). One that somebody works with at this moment is passed over, as below.
    private async Task<IReadOnlyList<string>> Replace(Tx tx, UserId userId, Requester requester, DateTimeOffset now)
    {
        if (requester.Browser.Tokens is not { Count: > 0 } held)
        {
            return [];
        }

        byte[][] hashes = [.. held.SelectMany(secrets.Hashes)];
        var (ended, dead) = await tx.All<EndedSession, One<byte[]>>(
            $"""
            update auth.sessions set revoked_at = {now}, revoked_reason = {RevokedReason.Replaced}, updated_at = {now}
            where id = any (array(
                select id from auth.sessions
                where user_id = {userId} and token_hash = any ({hashes}) and revoked_at is null
                for update skip locked))
            returning id, user_id
            """,
            $"""
            select token_hash from auth.sessions
            where user_id = {userId} and token_hash = any ({hashes}) and revoked_at is not null
            """
        );
        await revoke.Record(tx, ended, RevokedReason.Replaced, requester, now);
        var known = dead.Select(row => Digest.Of(row.Value)).ToHashSet();

        return [.. held.Where(token => Array.Exists(secrets.Hashes(token), hash => known.Contains(Digest.Of(hash))))];
    }

    private Session New(UserId userId, Stay stay, Requester requester, Device device, DateTimeOffset now) =>
        new(
            SessionId.New(),
            userId,
            Session.Earlier(now + stay.Lifetime, now + settings.AbsoluteLifetime),
            stay.Lifetime,
            stay.IsRemembered,
            requester.Address,
            requester.UserAgent,
            device.Id,
            device.Name,
            ActiveOrganizationId: null,
            now,
            now
        );

    private static Sql Insert(Session session, byte[] tokenHash, byte[] salt) =>
        $"""
            insert into auth.sessions (
                id, user_id, token_hash, expires_at, remember_me, lifetime_seconds, refresh_salt, refresh_expires_at,
                ip_address, user_agent, device_id, device_name, last_activity_at, created_at, updated_at)
            values (
                {session.Id}, {session.UserId}, {tokenHash}, {session.ExpiresAt}, {session.IsRemembered},
                {(int)session.Lifetime.TotalSeconds}, {salt}, {session.ExpiresAt}, {session.IpAddress}, {session.UserAgent},
                {session.DeviceId}, {session.DeviceName}, {session.CreatedAt}, {session.CreatedAt}, {session.CreatedAt})
            """;

    // A session somebody works with at this moment is locked and passed over: it is not the one unused for longest, and waiting for it
    // while holding the person would be against the order of locks. An array is chosen once; after "in" the plan may choose again for
    // every row, and each time another one.
    private Sql Evict(Session opened, DateTimeOffset now) =>
        $"""
            update auth.sessions set revoked_at = {now}, revoked_reason = {RevokedReason.Evicted}, updated_at = {now}
            where id = any (array(
                select id from auth.sessions
                where user_id = {opened.UserId} and revoked_at is null and expires_at > {now} and id <> {opened.Id}
                order by last_activity_at, created_at, id
                limit greatest(0, (
                    select count(*) - {settings.PerPersonMax} from auth.sessions
                    where user_id = {opened.UserId} and revoked_at is null and expires_at > {now}))
                for update skip locked))
            returning id, user_id
            """;
}
