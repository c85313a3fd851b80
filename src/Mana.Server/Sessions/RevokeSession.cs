using Mana.Platform;
using Mana.Platform.Database;
using Mana.Platform.Http;
using Mana.Security;
using Npgsql;

namespace Mana.Sessions;

/// <summary>Ends one session: its cookie, its refresh token and every access token that names it.</summary>
public sealed class RevokeSession(Db db, SessionSecrets secrets, Revocations revocations, TimeProvider clock)
{
    private const string SignedOut = "signed_out";

    private static readonly Scope Revoking = Scope.Service("end a session");

    /// <summary>Signing out. Ending what is ended already succeeds and leaves no second event.</summary>
    public Task<Outcome<Done>> SignOut(SessionId id, Requester requester, CancellationToken cancel) =>
        SignOut(now => End(id, SignedOut, now), requester, cancel);

    /// <summary>The same by the session's secret; an unknown one changes nothing.</summary>
    public Task<Outcome<Done>> SignOut(string token, Requester requester, CancellationToken cancel) =>
        SignOut(
            now =>
                $"""
                    update auth.sessions set revoked_at = {now}, revoked_reason = {SignedOut}, updated_at = {now}
                    where token_hash = any ({secrets.Hashes(token)}) and revoked_at is null
                    returning id, user_id
                    """,
            requester,
            cancel
        );

    private async Task<Outcome<Done>> SignOut(Func<DateTimeOffset, Sql> end, Requester requester, CancellationToken cancel)
    {
        var now = clock.Now();
        EndedSession? ended = null;
        var outcome = await db.Transact<Done>(
            Revoking,
            async tx =>
            {
                ended = await tx.Find<EndedSession>(end(now));
                if (ended is not null)
                {
                    await tx.Run(SecurityEvent.Insert(SecurityEvent.Logout, ended.UserId, requester, now));
                }

                return Done.Yes;
            },
            cancel
        );
        if (ended is not null)
        {
            revocations.Ended(ended.Id);
        }

        return outcome;
    }

    /// <summary>One conditional statement; it answers a row when this call was the one that ended the session.</summary>
    public static Sql End(SessionId id, string reason, DateTimeOffset now) =>
        $"""
            update auth.sessions set revoked_at = {now}, revoked_reason = {reason}, updated_at = {now}
            where id = {id} and revoked_at is null
            returning id, user_id
            """;

    public static Sql EndAll(UserId userId, string reason, DateTimeOffset now) =>
        $"""
            update auth.sessions set revoked_at = {now}, revoked_reason = {reason}, updated_at = {now}
            where user_id = {userId} and revoked_at is null
            """;
}

/// <summary>A session that this very call ended.</summary>
public sealed record EndedSession(SessionId Id, UserId UserId) : IRow<EndedSession>
{
    public static EndedSession Read(NpgsqlDataReader row) => new(new SessionId(row.GetString(0)), new UserId(row.GetString(1)));
}
