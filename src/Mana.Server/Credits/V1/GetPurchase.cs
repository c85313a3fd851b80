using Mana.Platform.Database;
using Mana.Platform.Http;
using Npgsql;

namespace Mana.Credits.V1;

public static class GetPurchase
{
    public sealed record Response(
        Guid Id,
        string Status,
        long Credits,
        long PriceEuroCents,
        DateTimeOffset CreatedAt,
        DateTimeOffset? CompletedAt
    ) : IRow<Response>
    {
        public static Response Read(NpgsqlDataReader row) =>
            new(
                row.GetGuid(0),
                row.GetString(1),
                row.GetInt64(2),
                row.GetInt64(3),
                row.GetFieldValue<DateTimeOffset>(4),
                row.IsDBNull(5) ? null : row.GetFieldValue<DateTimeOffset>(5)
            );
    }

    /// <summary>How a purchase of the caller stands. Somebody else's, an unknown one and what is no id are the same 404.</summary>
    public static async Task<Answer<Response>> Handle(string id, Caller caller, Db db, CancellationToken cancel)
    {
        if (!Guid.TryParse(id, out var purchaseId))
        {
            return Refusals.PurchaseNotFound;
        }

        var purchase = await db.Find<Response>(
            Scope.User(caller.UserId.Value),
            $"""
            select id, status::text, credits, price_euro_cents, created_at, completed_at
            from credits.purchases
            where user_id = {caller.UserId} and id = {purchaseId}
            """,
            cancel
        );

        return purchase is null ? Refusals.PurchaseNotFound : purchase;
    }
}
