using Mana.Platform;
using Mana.Platform.Database;
using Mana.Users;
using Npgsql;

namespace Mana.Sessions;

/// <summary>A session whose refresh tokens are at work, read under its lock. The line of the sign-in itself stands in its row.</summary>
/// <param name="RotatedBy">The device that the last rotation of that line named; null when it named none.</param>
internal sealed record RefreshFamily(
    Session Session,
    User User,
    byte[] Salt,
    DateTimeOffset ExpiresAt,
    bool IsRevoked,
    bool IsBanned,
    int Count,
    DateTimeOffset? RotatedAt,
    string? RotatedBy
) : IRow<RefreshFamily>
{
    /// <summary>The line of whoever signed in.</summary>
    public RefreshLine Own => new("", Count, RotatedAt, Session.UserAgent, RotatedBy);

    /// <summary>
    /// Why no token of this session may be used any more; null while it lives. The absolute limit is the one of today: had it been lowered, a
    /// refresh would answer with tokens that have expired already.
    /// </summary>
    public Refusal? RefusalAt(DateTimeOffset now, SessionSettings settings) =>
        User.DeletedAt is not null ? Refusals.RefreshUserNotFound
        : IsRevoked || IsBanned ? Refusals.InvalidRefreshToken
        : Session.Earlier(ExpiresAt, Session.CreatedAt + settings.AbsoluteLifetime) <= now ? Refusals.RefreshTokenExpired
        : null;

    public static Sql Locked(SessionId id) =>
        $"""
            select s.id, s.user_id, s.expires_at, s.lifetime_seconds, s.remember_me, s.ip_address, s.user_agent, s.device_id,
                s.device_name, s.active_organization_id, s.created_at, s.updated_at,
                u.id, u.name, u.email, u.email_verified, u.image, u.role::text, u.two_factor_enabled, u.created_at, u.updated_at,
                u.deleted_at,
                s.refresh_salt, s.refresh_expires_at, s.revoked_at is not null, u.banned_at is not null,
                s.refresh_count, s.refresh_rotated_at, s.refresh_device_id
            from auth.sessions s
            join auth.users u on u.id = s.user_id
            where s.id = {id}
            for update of s
            """;

    public static RefreshFamily Read(NpgsqlDataReader row)
    {
        const int own = Session.Columns + User.Columns;

        return new RefreshFamily(
            Session.Read(row),
            User.Read(row, Session.Columns),
            row.GetFieldValue<byte[]>(own),
            row.GetFieldValue<DateTimeOffset>(own + 1),
            row.GetBoolean(own + 2),
            row.GetBoolean(own + 3),
            row.GetInt32(own + 4),
            row.IsDBNull(own + 5) ? null : row.GetFieldValue<DateTimeOffset>(own + 5),
            row.IsDBNull(own + 6) ? null : row.GetString(own + 6)
        );
    }
}

/// <summary>
/// One chain of refresh tokens: of whoever signed in, or of a web app that shares the sign-in by its cookie. Exactly one token of a line is
/// current.
/// </summary>
/// <param name="ClientId">Empty for the line of the sign-in itself.</param>
/// <param name="UserAgent">Of the client that rotated last.</param>
/// <param name="DeviceId">What the client that rotated last called its device, null when it gave no name.</param>
internal sealed record RefreshLine(string ClientId, int Count, DateTimeOffset? RotatedAt, string UserAgent, string? DeviceId)
    : IRow<RefreshLine>
{
    public bool IsOwn => ClientId.Length == 0;

    // Sent after the statement that locks the session: what is read beside a lock one had to wait for may be old.
    public static Sql Of(SessionId id, string clientId) =>
        $"""
            select id, refresh_count, refresh_rotated_at, user_agent, device_id
            from auth.session_clients
            where session_id = {id} and id = {clientId}
            """;

    public static Sql OfOrigin(SessionId id, string origin) =>
        $"""
            select id, refresh_count, refresh_rotated_at, user_agent, device_id
            from auth.session_clients
            where session_id = {id} and origin = {origin}
            """;

    public static RefreshLine Read(NpgsqlDataReader row) =>
        new(
            row.GetString(0),
            row.GetInt32(1),
            row.IsDBNull(2) ? null : row.GetFieldValue<DateTimeOffset>(2),
            row.GetString(3),
            row.IsDBNull(4) ? null : row.GetString(4)
        );

    /// <summary>
    /// True for the token just before the current one, inside the window, from the same client: its answer was lost, or another tab was
    /// quicker. The count cannot be one behind once the successor was used, because using it raises the count.
    /// </summary>
    public bool MayRepeat(int count, DateTimeOffset now, TimeSpan window, string userAgent, string? deviceId) =>
        count == Count - 1 && WasJustRotatedBy(userAgent, deviceId, now, window);

    /// <summary>
    /// Inside the window the client that rotated gets the same successor again, however it asks: its device is named as it was then, or in
    /// neither. What it was called when it signed in says nothing.
    /// </summary>
    public bool WasJustRotatedBy(string userAgent, string? deviceId, DateTimeOffset now, TimeSpan window) =>
        RotatedAt is { } rotatedAt && now - rotatedAt <= window && userAgent == UserAgent && deviceId == DeviceId;
}
