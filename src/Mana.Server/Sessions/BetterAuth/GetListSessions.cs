using Mana.Platform;
using Mana.Platform.Database;
using Mana.Platform.Http;

namespace Mana.Sessions.BetterAuth;

public static class GetListSessions
{
    /// <summary>
    /// The caller's live sessions, the oldest first (wire section 7.18). The <c>token</c> of the current one is the one presented; of the
    /// others it is a handle that only the revoke endpoints accept (ruling 6). Asks for a fresh session.
    /// </summary>
    public static async Task<Answer<BetterAuthSession[]>> Handle(
        Caller caller,
        PresentedSession presented,
        Db db,
        SessionHandles handles,
        TimeProvider clock,
        CancellationToken cancel
    )
    {
        var sessions = await db.All<Session>(
            Scope.User(caller.UserId.Value),
            $"""
            select id, user_id, expires_at, lifetime_seconds, remember_me, ip_address, user_agent, device_id, device_name,
                active_organization_id, created_at, updated_at
            from auth.sessions
            where user_id = {caller.UserId} and revoked_at is null and expires_at > {clock.Now()}
            order by created_at, id
            limit {SessionSettings.PerPersonLimit}
            """,
            cancel
        );

        return sessions
            .Select(session => session.ToBetterAuth(session.Id == caller.SessionId ? presented.Token! : handles.Of(session.Id)))
            .ToArray();
    }
}
