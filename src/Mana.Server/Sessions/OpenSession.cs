using System.Security.Cryptography;
using Mana.Platform;
using Mana.Platform.Database;
using Mana.Platform.Http;

namespace Mana.Sessions;

/// <summary>Makes a session. Only the gate calls this: a session is granted there or nowhere (D2).</summary>
public sealed class OpenSession(SessionSecrets secrets)
{
    private const int SaltBytes = 16;

    /// <summary>The session and the statement that stores it in the caller's transaction.</summary>
    public (OpenedSession Opened, Sql Insert) Run(
        UserId userId,
        TimeSpan lifetime,
        bool isRemembered,
        Requester requester,
        Device device,
        DateTimeOffset now
    )
    {
        var session = new Session(
            SessionId.New(),
            userId,
            now + lifetime,
            lifetime,
            isRemembered,
            requester.Address,
            requester.UserAgent,
            device.Id,
            device.Name,
            ActiveOrganizationId: null,
            now,
            now
        );
        var token = SessionSecrets.NewToken();
        var salt = RandomNumberGenerator.GetBytes(SaltBytes);
        var opened = new OpenedSession(session, token, secrets.RefreshToken(session.Id, 0, salt));

        return (
            opened,
            $"""
            insert into auth.sessions (
                id, user_id, token_hash, expires_at, remember_me, lifetime_seconds, refresh_salt, refresh_expires_at,
                ip_address, user_agent, device_id, device_name, last_activity_at, created_at, updated_at)
            values (
                {session.Id}, {userId}, {secrets.Hash(token)}, {session.ExpiresAt}, {isRemembered}, {(int)lifetime.TotalSeconds},
                {salt}, {session.ExpiresAt}, {session.IpAddress}, {session.UserAgent}, {device.Id}, {device.Name}, {now}, {now}, {now})
            """
        );
    }
}
