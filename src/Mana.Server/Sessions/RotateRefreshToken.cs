using Mana.Platform;
using Mana.Platform.Database;
using Mana.Platform.Http;
using Mana.Platform.Telemetry;
using Mana.Security;
using Mana.Users;
using Npgsql;

namespace Mana.Sessions;

/// <summary>A session with a fresh refresh token.</summary>
public sealed record RefreshedSession(Session Session, User User, string RefreshToken);

/// <summary>
/// Exchanges a refresh token for its successor (ruling 4). The current one rotates; the one before it answers with the same successor
/// while the window is open, nobody used the successor, and it is the same client; any other genuine one kills the session.
/// </summary>
public sealed class RotateRefreshToken(Db db, SessionSecrets secrets, RevokeSession revoke, SessionSettings settings, TimeProvider clock)
{
    private static readonly Scope Rotating = Scope.Service("rotate a refresh token");

    private static readonly Scope Killing = Scope.Service("end a session whose refresh token was replayed");

    public async Task<Outcome<RefreshedSession>> Run(string token, Requester requester, string? deviceId, CancellationToken cancel)
    {
        if (SessionSecrets.Split(token) is not { } presented)
        {
            return Refusals.InvalidRefreshToken;
        }

        var now = clock.Now();
        UserId? robbed = null;
        var outcome = await db.Transact<RefreshedSession>(
            Rotating,
            async tx =>
            {
                // The lock makes two refreshes of one session take turns: the second sees what the first has done.
                var family = await tx.Find<RefreshFamily>(RefreshFamily.Locked(presented.Id));
                robbed = null;
                if (family is null || !secrets.IsGenuine(presented.Id, presented.Count, presented.Mac, family.Salt))
                {
                    return Refusals.InvalidRefreshToken;
                }

                if (family.IsRevoked || family.User.DeletedAt is not null)
                {
                    return Refusals.InvalidRefreshToken;
                }

                if (family.RefreshExpiresAt <= now)
                {
                    return Refusals.RefreshTokenExpired;
                }

                if (presented.Count == family.Count)
                {
                    return await Rotate(tx, family, requester, now);
                }

                if (family.MayRepeat(presented.Count, now, settings.ReuseWindow, requester.UserAgent, deviceId))
                {
                    return Answer(family, family.Count, family.Session);
                }

                robbed = family.User.Id;
                return Refusals.InvalidRefreshToken;
            },
            cancel
        );
        if (robbed is { } userId)
        {
            // In a transaction of its own: the refused one has rolled back (D12).
            await Kill(userId, presented.Id, requester, cancel);
        }

        return outcome;
    }

    /// <summary>Which session a genuine refresh token belongs to, whatever its count: enough to sign out with.</summary>
    public async Task<Outcome<SessionId>> SessionOf(string token, CancellationToken cancel)
    {
        if (SessionSecrets.Split(token) is not { } presented)
        {
            return Refusals.InvalidRefreshToken;
        }

        var salt = await db.Find<One<byte[]>>(Rotating, $"select refresh_salt from auth.sessions where id = {presented.Id}", cancel);

        return salt is not null && secrets.IsGenuine(presented.Id, presented.Count, presented.Mac, salt.Value)
            ? presented.Id
            : Refusals.InvalidRefreshToken;
    }

    private async Task<Outcome<RefreshedSession>> Rotate(Tx tx, RefreshFamily family, Requester requester, DateTimeOffset now)
    {
        var session = family.Session with
        {
            ExpiresAt = family.Session.ExtendedTo(now, settings),
            UpdatedAt = now,
            IpAddress = requester.Address,
            UserAgent = requester.UserAgent,
        };
        var count = family.Count + 1;
        var rotated = await tx.Run(
            $"""
            update auth.sessions
            set refresh_count = {count}, refresh_rotated_at = {now},
                refresh_expires_at = {session.ExpiresAt}, expires_at = {session.ExpiresAt}, updated_at = {now}, last_activity_at = {now},
                ip_address = {requester.Address}, user_agent = {requester.UserAgent}
            where id = {session.Id} and refresh_count = {family.Count} and revoked_at is null
            """
        );
        Invariant.Holds(rotated == 1);
        await tx.Run(SecurityEvent.Insert(SecurityEvent.TokenRefreshed, family.User.Id, requester, now));

        return Answer(family, count, session);
    }

    private RefreshedSession Answer(RefreshFamily family, int count, Session session) =>
        new(session, family.User, secrets.RefreshToken(session.Id, count, family.Salt));

    private async Task Kill(UserId userId, SessionId id, Requester requester, CancellationToken cancel)
    {
        await db.Transact<bool>(Killing, async tx => await revoke.One(tx, userId, id, RevokedReason.RefreshReuse, requester), cancel);
        Signals.RefreshReused();
    }
}

/// <summary>The chain of refresh tokens of one session, read under its lock.</summary>
internal sealed record RefreshFamily(
    Session Session,
    User User,
    int Count,
    byte[] Salt,
    DateTimeOffset? RotatedAt,
    DateTimeOffset RefreshExpiresAt,
    bool IsRevoked
) : IRow<RefreshFamily>
{
    private const int UserColumns = 10;

    public static Sql Locked(SessionId id) =>
        $"""
            select s.id, s.user_id, s.expires_at, s.lifetime_seconds, s.remember_me, s.ip_address, s.user_agent, s.device_id,
                s.device_name, s.active_organization_id, s.created_at, s.updated_at,
                u.id, u.name, u.email, u.email_verified, u.image, u.role::text, u.two_factor_enabled, u.created_at, u.updated_at,
                u.deleted_at,
                s.refresh_count, s.refresh_salt, s.refresh_rotated_at, s.refresh_expires_at,
                s.revoked_at is not null or u.banned_at is not null
            from auth.sessions s
            join auth.users u on u.id = s.user_id
            where s.id = {id}
            for update of s
            """;

    public static RefreshFamily Read(NpgsqlDataReader row)
    {
        const int own = Session.Columns + UserColumns;

        return new RefreshFamily(
            Session.Read(row),
            User.Read(row, Session.Columns),
            row.GetInt32(own),
            row.GetFieldValue<byte[]>(own + 1),
            row.IsDBNull(own + 2) ? null : row.GetFieldValue<DateTimeOffset>(own + 2),
            row.GetFieldValue<DateTimeOffset>(own + 3),
            row.GetBoolean(own + 4)
        );
    }

    /// <summary>
    /// True for the token just before the current one, inside the window, from the same client: its answer was lost, or another tab was
    /// quicker. The count cannot be one behind once the successor was used, because using it raises the count.
    /// </summary>
    public bool MayRepeat(int count, DateTimeOffset now, TimeSpan window, string userAgent, string? deviceId) =>
        count == Count - 1
        && RotatedAt is { } rotatedAt
        && now - rotatedAt <= window
        && userAgent == Session.UserAgent
        && deviceId == Session.DeviceId;
}
