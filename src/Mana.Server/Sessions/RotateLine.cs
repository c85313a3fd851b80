using Mana.Platform;
using Mana.Platform.Database;
using Mana.Platform.Http;
using Mana.Security;

namespace Mana.Sessions;

/// <summary>Moves one line of refresh tokens on by one, under the lock of its session, and the session's end with it.</summary>
public sealed class RotateLine(RefreshTokens tokens, SessionSettings settings)
{
    internal async Task<RefreshedSession> Run(
        Tx tx,
        RefreshFamily family,
        RefreshLine line,
        Requester requester,
        string? deviceId,
        DateTimeOffset now
    )
    {
        var session = family.Session with { ExpiresAt = family.Session.ExtendedTo(now, settings), UpdatedAt = now };
        Sql[] rotation;
        if (line.IsOwn)
        {
            session = session with { IpAddress = requester.Address, UserAgent = requester.UserAgent };
            rotation = [Rotate(session, line.Count, deviceId)];
        }
        else
        {
            rotation = [Extend(session), Rotate(session.Id, line, requester, deviceId, now)];
        }

        var metadata = line.IsOwn ? null : new { clientId = line.ClientId };
        var changed = await tx.Run([
            .. rotation,
            SecurityEvent.Insert(SecurityEvent.TokenRefreshed, family.User.Id, requester, now, metadata),
        ]);
        Invariant.Holds(changed == rotation.Length + 1);

        return Current(family with { Session = session }, line with { Count = line.Count + 1 });
    }

    /// <summary>The session with the current token of the line, which nobody has used yet.</summary>
    internal RefreshedSession Current(RefreshFamily family, RefreshLine line) =>
        new(family.Session, family.User, tokens.Of(family.Session.Id, line.ClientId, line.Count, family.Salt));

    private static Sql Rotate(Session session, int count, string? deviceId) =>
        $"""
            update auth.sessions
            set refresh_count = refresh_count + 1, refresh_rotated_at = {session.UpdatedAt}, refresh_expires_at = {session.ExpiresAt},
                expires_at = {session.ExpiresAt}, updated_at = {session.UpdatedAt}, last_activity_at = {session.UpdatedAt},
                ip_address = {session.IpAddress}, user_agent = {session.UserAgent}, refresh_device_id = {deviceId}
            where id = {session.Id} and refresh_count = {count} and revoked_at is null
            """;

    private static Sql Extend(Session session) =>
        $"""
            update auth.sessions
            set refresh_expires_at = {session.ExpiresAt}, expires_at = {session.ExpiresAt}, updated_at = {session.UpdatedAt},
                last_activity_at = {session.UpdatedAt}
            where id = {session.Id} and revoked_at is null
            """;

    private static Sql Rotate(SessionId id, RefreshLine line, Requester requester, string? deviceId, DateTimeOffset now) =>
        $"""
            update auth.session_clients
            set refresh_count = refresh_count + 1, refresh_rotated_at = {now}, user_agent = {requester.UserAgent},
                device_id = {deviceId}, used_at = {now}
            where session_id = {id} and id = {line.ClientId} and refresh_count = {line.Count}
            """;
}
