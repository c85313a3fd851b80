using Mana.Platform;
using Mana.Platform.Database;
using Mana.Platform.Http;

namespace Mana.Sessions.V1;

public static class GetSession
{
    private static readonly Scope Reading = Scope.Service("show a session to its person");

    public sealed record SessionView(
        string Id,
        string UserId,
        DateTimeOffset ExpiresAt,
        DateTimeOffset CreatedAt,
        DateTimeOffset UpdatedAt,
        string IpAddress,
        string UserAgent,
        string? DeviceId,
        string? DeviceName,
        string? ActiveOrganizationId
    );

    public sealed record Response(ManaUser User, SessionView Session);

    /// <summary>The caller and their session, without any secret.</summary>
    public static async Task<Answer<Response>> Handle(Caller caller, Db db, TimeProvider clock, CancellationToken cancel)
    {
        var live = await db.Find<LiveSession>(
            Reading,
            $"""
            select s.id, s.user_id, s.expires_at, s.lifetime_seconds, s.remember_me, s.ip_address, s.user_agent, s.device_id,
                s.device_name, s.active_organization_id, s.created_at, s.updated_at,
                u.id, u.name, u.email, u.email_verified, u.image, u.role::text, u.two_factor_enabled, u.created_at, u.updated_at,
                u.deleted_at
            from auth.sessions s
            join auth.users u on u.id = s.user_id
            where s.id = {caller.SessionId} and s.revoked_at is null and s.expires_at > {clock.Now()}
            """,
            cancel
        );

        return live is null ? Refusals.InvalidSession : new Response(live.User.ToMana(), View(live.Session));
    }

    private static SessionView View(Session session) =>
        new(
            session.Id.Value,
            session.UserId.Value,
            session.ExpiresAt,
            session.CreatedAt,
            session.UpdatedAt,
            session.IpAddress,
            session.UserAgent,
            session.DeviceId,
            session.DeviceName,
            session.ActiveOrganizationId
        );
}
