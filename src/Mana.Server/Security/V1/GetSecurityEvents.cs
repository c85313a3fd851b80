using System.Text.Json;
using Mana.Platform.Database;
using Mana.Platform.Http;
using Npgsql;

namespace Mana.Security.V1;

public static class GetSecurityEvents
{
    public sealed record Item(
        Guid Id,
        string EventType,
        string IpAddress,
        string UserAgent,
        JsonElement? Metadata,
        DateTimeOffset CreatedAt
    ) : IRow<Item>
    {
        public static Item Read(NpgsqlDataReader row) =>
            new(
                row.GetGuid(0),
                row.GetString(1),
                row.GetString(2),
                row.GetString(3),
                row.IsDBNull(4) ? null : JsonElement.Parse(row.GetString(4)),
                row.GetFieldValue<DateTimeOffset>(5)
            );
    }

    /// <summary>What happened to the caller's account, newest first; <c>limit</c> 1 to 200, otherwise 50.</summary>
    public static async Task<Answer<List<Item>>> Handle(HttpRequest request, Caller caller, Db db, CancellationToken cancel)
    {
        var asked = new Asked(request.Query);
        var limit = asked.Limit();
        if (asked.Wrong is { } wrong)
        {
            return wrong;
        }

        return await db.All<Item>(
            Scope.User(caller.UserId.Value),
            $"""
            select id, event_type, ip_address, user_agent, metadata::text, created_at
            from auth.security_events
            where user_id = {caller.UserId}
            order by created_at desc, id desc
            limit {limit}
            """,
            cancel
        );
    }
}
