using Mana.Platform;
using Mana.Platform.Database;
using Mana.Platform.Http;
using Mana.Security;

namespace Mana.Sessions;

/// <summary>Ends one session: its cookie, its refresh token and every access token that names it.</summary>
public sealed class RevokeSession(Db db, SessionSecrets secrets, TimeProvider clock)
{
    private static readonly Scope Revoking = Scope.Service("end a session");

    /// <summary>Signing out. Ending what is ended already succeeds and leaves no second event.</summary>
    public Task<Outcome<Done>> SignOut(SessionId id, Requester requester, CancellationToken cancel)
    {
        var now = clock.Now();

        return db.Transact<Done>(
            Revoking,
            async tx =>
            {
                var userId = await tx.Value<string>(End(id, "signed_out", now));
                if (userId is not null)
                {
                    await tx.Run(SecurityEvent.Insert(SecurityEvent.Logout, new UserId(userId), requester, now));
                }

                return Done.Yes;
            },
            cancel
        );
    }

    /// <summary>The same by the session's secret; an unknown one changes nothing.</summary>
    public Task<Outcome<Done>> SignOut(string token, Requester requester, CancellationToken cancel)
    {
        var now = clock.Now();

        return db.Transact<Done>(
            Revoking,
            async tx =>
            {
                var userId = await tx.Value<string>(
                    $"""
                    update auth.sessions set revoked_at = {now}, revoked_reason = {"signed_out"}, updated_at = {now}
                    where token_hash = any ({secrets.Hashes(token)}) and revoked_at is null
                    returning user_id
                    """
                );
                if (userId is not null)
                {
                    await tx.Run(SecurityEvent.Insert(SecurityEvent.Logout, new UserId(userId), requester, now));
                }

                return Done.Yes;
            },
            cancel
        );
    }

    /// <summary>One conditional statement; it answers the person's id when this call was the one that ended the session.</summary>
    public static Sql End(SessionId id, string reason, DateTimeOffset now) =>
        $"""
            update auth.sessions set revoked_at = {now}, revoked_reason = {reason}, updated_at = {now}
            where id = {id} and revoked_at is null
            returning user_id
            """;

    public static Sql EndAll(UserId userId, string reason, DateTimeOffset now) =>
        $"""
            update auth.sessions set revoked_at = {now}, revoked_reason = {reason}, updated_at = {now}
            where user_id = {userId} and revoked_at is null
            """;
}
