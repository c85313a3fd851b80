using Mana.Platform;
using Mana.Platform.Database;
using Mana.Platform.Http;
using Npgsql;

namespace Mana.Sessions.V1;

public static class GetSessions
{
    /// <param name="LastActivityAt">
    /// When it was last used by its cookie, within a few minutes, or its tokens were last refreshed: using an access token leaves no trace.
    /// </param>
    /// <param name="Current">True for the session that asks.</param>
    public sealed record Item(
        string Id,
        string IpAddress,
        string UserAgent,
        string? DeviceId,
        string? DeviceName,
        DateTimeOffset LastActivityAt,
        DateTimeOffset CreatedAt,
        DateTimeOffset ExpiresAt,
        bool Current
    ) : IRow<Item>
    {
        public static Item Read(NpgsqlDataReader row) =>
            new(
                row.GetString(0),
                row.GetString(1),
                row.GetString(2),
                row.IsDBNull(3) ? null : row.GetString(3),
                row.IsDBNull(4) ? null : row.GetString(4),
                row.GetFieldValue<DateTimeOffset>(5),
                row.GetFieldValue<DateTimeOffset>(6),
                row.GetFieldValue<DateTimeOffset>(7),
                row.GetBoolean(8)
            );
    }

    /// <summary>The caller's live sessions, the one used last first, without any secret.</summary>
    public static async Task<Answer<List<Item>>> Handle(Caller caller, Db db, TimeProvider clock, CancellationToken cancel) =>
        await db.All<Item>(
            Scope.User(caller.UserId.Value),
            $"""
            select id, ip_address, user_agent, device_id, device_name, last_activity_at, created_at, expires_at, id = {caller.SessionId}
            from auth.sessions
            where user_id = {caller.UserId} and revoked_at is null and expires_at > {clock.Now()}
            order by last_activity_at desc, created_at desc, id
            limit {SessionSettings.PerPersonLimit}
            """,
            cancel
        );
}
