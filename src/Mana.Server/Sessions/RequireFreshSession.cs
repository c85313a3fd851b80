using Mana.Platform;
using Mana.Platform.Database;

namespace Mana.Sessions;

/// <summary>
/// Refuses what asks for a recent sign-in, for doors behind an access token: the token does not say when its session was opened
/// (ruling 12c). Doors behind a session's secret have <c>Access.FreshSession</c>.
/// </summary>
public sealed class RequireFreshSession(Db db, SessionSettings settings, TimeProvider clock)
{
    private static readonly Scope Asking = Scope.Service("ask when a session was opened");

    public async Task<Outcome<Done>> Run(SessionId id, CancellationToken cancel)
    {
        var session = await db.Find<Session>(
            Asking,
            $"""
            select id, user_id, expires_at, lifetime_seconds, remember_me, ip_address, user_agent, device_id, device_name,
                active_organization_id, created_at, updated_at
            from auth.sessions
            where id = {id} and revoked_at is null and expires_at > {clock.Now()}
            """,
            cancel
        );

        return session is null ? Refusals.InvalidSession
            : session.IsFresh(clock.Now(), settings.FreshAge) ? Done.Yes
            : Refusals.SessionNotFresh;
    }
}
