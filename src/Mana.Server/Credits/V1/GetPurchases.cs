using System.Text.Json;
using Mana.Platform.Database;
using Mana.Platform.Http;
using Npgsql;

namespace Mana.Credits.V1;

public static class GetPurchases
{
    public sealed record Item(
        Guid Id,
        string UserId,
        Guid? PackageId,
        long Credits,
        long PriceEuroCents,
        string? StripePaymentIntentId,
        string? StripeCustomerId,
        string Status,
        JsonElement? Metadata,
        DateTimeOffset CreatedAt,
        DateTimeOffset? CompletedAt
    ) : IRow<Item>
    {
        public static Item Read(NpgsqlDataReader row) =>
            new(
                row.GetGuid(0),
                row.GetString(1),
                row.IsDBNull(2) ? null : row.GetGuid(2),
                row.GetInt64(3),
                row.GetInt64(4),
                row.IsDBNull(5) ? null : row.GetString(5),
                row.IsDBNull(6) ? null : row.GetString(6),
                row.GetString(7),
                row.IsDBNull(8) ? null : JsonElement.Parse(row.GetString(8)),
                row.GetFieldValue<DateTimeOffset>(9),
                row.IsDBNull(10) ? null : row.GetFieldValue<DateTimeOffset>(10)
            );
    }

    /// <summary>What the caller bought, newest first. <c>limit</c> 1 to 200; <c>before</c>, the id of the last row seen, asks for the next.</summary>
    public static async Task<Answer<List<Item>>> Handle(HttpRequest request, Caller caller, Db db, CancellationToken cancel)
    {
        var asked = new Asked(request.Query);
        var (limit, before) = (asked.Limit(), asked.Id("before"));
        if (asked.Wrong is { } wrong)
        {
            return wrong;
        }

        return await db.All<Item>(
            Scope.User(caller.UserId.Value),
            $"""
            select p.id, p.user_id, p.package_id, p.credits, p.price_euro_cents, p.stripe_payment_intent_id, p.stripe_customer_id,
                p.status::text, p.metadata::text, p.created_at, p.completed_at
            from credits.purchases p
            where p.user_id = {caller.UserId} and ({before is null} or (p.created_at, p.id) < (
                select b.created_at, b.id from credits.purchases b where b.user_id = {caller.UserId} and b.id = {before ?? Guid.Empty}))
            order by p.created_at desc, p.id desc
            limit {limit}
            """,
            cancel
        );
    }
}
