using Mana.Platform;
using Mana.Platform.Database;
using Mana.Platform.Http;
using Mana.Security;
using Npgsql;

namespace Mana.Sessions;

/// <summary>Why a session ended before its time; column <c>revoked_reason</c> and the event's <c>reason</c>.</summary>
public static class RevokedReason
{
    public const string SignedOut = "signed_out";

    /// <summary>Its person ended it from a list of their sessions.</summary>
    public const string Revoked = "revoked";

    public const string RefreshReuse = "refresh_reuse";

    /// <summary>A newer sign-in took its place.</summary>
    public const string Evicted = "evicted";

    /// <summary>The same person signed in again in the same browser.</summary>
    public const string Replaced = "replaced";

    public const string MailboxProved = "mailbox_proved";

    public const string PasswordChanged = "password_changed";

    public const string PasswordReset = "password_reset";

    public const string AccountDeleted = "account_deleted";

    public const string Banned = "banned";
}

/// <summary>
/// Ends sessions: their cookie, their refresh token and every access token that names them. Each verb takes part in the caller's
/// transaction, writes one security event when it ended something, and tells this instance's memory after the commit; the trigger tells the
/// others. Ending what has ended already changes nothing.
/// </summary>
public sealed class RevokeSession(Revocations revocations, TimeProvider clock)
{
    /// <summary>
    /// A session is ended for so long after it expired: a request that began while it lived may be about to extend it. An older one stays as
    /// it is, and no event speaks of it.
    /// </summary>
    private static readonly TimeSpan MayBeExtended = TimeSpan.FromMinutes(1);

    /// <summary>Ends one session of the person.</summary>
    /// <returns>False when it is not theirs, unknown, or has ended already.</returns>
    public async Task<bool> One(Tx tx, UserId userId, SessionId id, string reason, Requester requester)
    {
        var now = clock.Now();
        var ended = await tx.All<EndedSession>(
            $"""
            update auth.sessions set revoked_at = {now}, revoked_reason = {reason}, updated_at = {now}
            where id = {id} and user_id = {userId} and revoked_at is null and expires_at > {now - MayBeExtended}
            returning id, user_id
            """
        );

        return await Record(tx, ended, reason, requester, now) == 1;
    }

    /// <summary>Ends every live session of the person but the one that asks.</summary>
    /// <returns>How many ended.</returns>
    public Task<int> Others(Tx tx, UserId userId, SessionId kept, string reason, Requester requester) =>
        End(tx, userId, kept.Value, reason, requester);

    /// <summary>Ends every live session of the person.</summary>
    /// <returns>How many ended.</returns>
    public Task<int> All(Tx tx, UserId userId, string reason, Requester requester) => End(tx, userId, kept: "", reason, requester);

    private async Task<int> End(Tx tx, UserId userId, string kept, string reason, Requester requester)
    {
        var now = clock.Now();

        // Locked in the order of their ids, so that two of these, or one and a refresh, never wait for each other in a circle.
        var ended = await tx.All<EndedSession>(
            $"""
            update auth.sessions set revoked_at = {now}, revoked_reason = {reason}, updated_at = {now}
            where id in (
                select id from auth.sessions
                where user_id = {userId} and revoked_at is null and expires_at > {now - MayBeExtended} and id <> {kept}
                order by id for update)
            returning id, user_id
            """
        );

        return await Record(tx, ended, reason, requester, now);
    }

    /// <summary>Writes the event of sessions that a statement of the caller's own has ended, and tells this instance's memory.</summary>
    public async Task<int> Record(Tx tx, List<EndedSession> ended, string reason, Requester requester, DateTimeOffset now)
    {
        if (ended.Count == 0)
        {
            return 0;
        }

        var metadata = new { reason, sessionIds = ended.Select(session => session.Id.Value) };
        await tx.Run(SecurityEvent.Insert(SecurityEvent.SessionRevoked, ended[0].UserId, requester, now, metadata));
        tx.AfterCommit(() => ended.ForEach(session => revocations.Ended(session.Id)));

        return ended.Count;
    }
}

/// <summary>A session that this very call ended.</summary>
public sealed record EndedSession(SessionId Id, UserId UserId) : IRow<EndedSession>
{
    public static EndedSession Read(NpgsqlDataReader row) => new(new SessionId(row.GetString(0)), new UserId(row.GetString(1)));
}
