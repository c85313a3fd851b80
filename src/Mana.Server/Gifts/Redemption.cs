using Mana.Platform;
using Mana.Platform.Database;
using Npgsql;

namespace Mana.Gifts;

/// <summary>A gift somebody took.</summary>
/// <param name="TransactionId">The position under which it arrived.</param>
public sealed record Redemption(
    Guid GiftId,
    string? CreatorName,
    string? Message,
    long Credits,
    Guid TransactionId,
    DateTimeOffset CreatedAt
) : IRow<Redemption>
{
    public const string WrongUser = "failed_wrong_user";

    public const string Expired = "failed_expired";

    public const string AlreadyClaimed = "failed_already_claimed";

    public const string Cancelled = "failed_cancelled";

    public static Redemption Read(NpgsqlDataReader row) =>
        new(
            row.GetGuid(0),
            row.IsDBNull(1) ? null : row.GetString(1),
            row.IsDBNull(2) ? null : row.GetString(2),
            row.GetInt64(3),
            row.GetGuid(4),
            row.GetFieldValue<DateTimeOffset>(5)
        );

    /// <summary>The gifts somebody took, newest first.</summary>
    /// <param name="before">The gift of the last row seen; null begins with the newest.</param>
    public static Sql Of(UserId redeemerId, Guid? before, int limit) =>
        $"""
            select r.gift_id, u.name, g.message, r.credits_received, r.transaction_id, r.created_at
            from credits.gift_redemptions r
            join credits.gifts g on g.id = r.gift_id
            left join auth.users u on u.id = g.creator_id and u.deleted_at is null
            where r.redeemer_id = {redeemerId} and r.status = 'success' and ({before is null} or (r.created_at, r.gift_id) < (
                select b.created_at, b.gift_id
                from credits.gift_redemptions b
                where b.redeemer_id = {redeemerId} and b.gift_id = {before ?? Guid.Empty} and b.status = 'success'))
            order by r.created_at desc, r.gift_id desc
            limit {limit}
            """;

    public static Sql Insert(UserId redeemerId, Gift gift, Guid transactionId, DateTimeOffset now) =>
        $"""
            insert into credits.gift_redemptions (redeemer_id, gift_id, status, credits_received, transaction_id, created_at)
            values ({redeemerId}, {gift.Id}, 'success', {gift.Amount}, {transactionId}, {now})
            """;

    /// <summary>Once for each kind of failure, so that nobody fills the table by trying.</summary>
    public static Sql Fail(UserId redeemerId, Gift gift, string failure, DateTimeOffset now) =>
        $"""
            insert into credits.gift_redemptions (redeemer_id, gift_id, status, created_at)
            values ({redeemerId}, {gift.Id}, {failure}, {now})
            on conflict on constraint gift_redemptions_pkey do nothing
            """;
}
