using System.Text.Json;
using Mana.Platform.Database;
using Mana.Platform.Http;
using Npgsql;

namespace Mana.Credits.V1;

public static class GetPackages
{
    /// <summary>More than this nobody can choose from.</summary>
    private const int PackagesMax = 100;

    private static readonly Scope Offering = Scope.Service("show what can be bought");

    public sealed record Item(
        Guid Id,
        string Name,
        string? Description,
        long Credits,
        long PriceEuroCents,
        string? StripePriceId,
        bool Active,
        int SortOrder,
        JsonElement? Metadata,
        DateTimeOffset CreatedAt,
        DateTimeOffset UpdatedAt
    ) : IRow<Item>
    {
        public static Item Read(NpgsqlDataReader row) =>
            new(
                row.GetGuid(0),
                row.GetString(1),
                row.IsDBNull(2) ? null : row.GetString(2),
                row.GetInt64(3),
                row.GetInt64(4),
                row.IsDBNull(5) ? null : row.GetString(5),
                row.GetBoolean(6),
                row.GetInt32(7),
                row.IsDBNull(8) ? null : JsonElement.Parse(row.GetString(8)),
                row.GetFieldValue<DateTimeOffset>(9),
                row.GetFieldValue<DateTimeOffset>(10)
            );
    }

    /// <summary>The packages of credits that can be bought now, in the order they are offered.</summary>
    public static async Task<Answer<List<Item>>> Handle(Db db, CancellationToken cancel) =>
        await db.All<Item>(
            Offering,
            $"""
            select id, name, description, credits, price_euro_cents, stripe_price_id, active, sort_order, metadata::text, created_at, updated_at
            from credits.packages
            where active
            order by sort_order, id
            limit {PackagesMax}
            """,
            cancel
        );
}
