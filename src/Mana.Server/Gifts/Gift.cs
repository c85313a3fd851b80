using Mana.Ledger;
using Mana.Platform;
using Mana.Platform.Database;
using Npgsql;

namespace Mana.Gifts;

/// <summary>Credits somebody has set aside for whoever has the code. They are a hold of the giver, and how the gift stands is how that ended.</summary>
/// <param name="TargetEmail">Null for a gift anybody may take.</param>
/// <param name="EndedAs">Of the hold; null while it is open, or until its end is noticed.</param>
public sealed record Gift(
    UserId CreatorId,
    string? CreatorName,
    Guid Id,
    byte[] CodeHash,
    long Amount,
    string? TargetEmail,
    string? Message,
    DateTimeOffset CreatedAt,
    DateTimeOffset ExpiresAt,
    string? EndedAs,
    DateTimeOffset? EndedAt
) : IRow<Gift>
{
    public const int AmountMax = 10_000;

    public const int MessageLengthMax = 500;

    /// <summary>Open gifts of one person; each is read with every movement of theirs.</summary>
    public const int OpenMax = 50;

    public static readonly TimeSpan LifeDefault = TimeSpan.FromDays(90);

    public static readonly TimeSpan LifeMax = TimeSpan.FromDays(366);

    /// <summary>The app in whose name gifts stand in the history.</summary>
    public const string App = "gift";

    public string Type => TargetEmail is null ? "simple" : "personalized";

    public string Status(DateTimeOffset now) =>
        EndedAs switch
        {
            HoldEnds.Committed => "depleted",
            HoldEnds.Released => "cancelled",
            null when now < ExpiresAt => "active",
            _ => "expired",
        };

    public static Gift Read(NpgsqlDataReader row) =>
        new(
            new UserId(row.GetString(0)),
            row.IsDBNull(1) ? null : row.GetString(1),
            row.GetGuid(2),
            row.GetFieldValue<byte[]>(3),
            row.GetInt64(4),
            row.IsDBNull(5) ? null : row.GetString(5),
            row.IsDBNull(6) ? null : row.GetString(6),
            row.GetFieldValue<DateTimeOffset>(7),
            row.GetFieldValue<DateTimeOffset>(8),
            row.IsDBNull(9) ? null : row.GetString(9),
            row.IsDBNull(10) ? null : row.GetFieldValue<DateTimeOffset>(10)
        );

    /// <summary>By the hashes its code may be stored under.</summary>
    public static Sql ByCode(byte[][] hashes) =>
        $"""
            select g.creator_id, u.name, g.id, g.code_hash, g.amount, g.target_email, g.message, g.created_at, g.expires_at, h.ended_as, null
            from credits.gifts g
            join credits.holds h on h.owner_id = g.creator_id and h.id = g.id
            left join auth.users u on u.id = g.creator_id and u.deleted_at is null
            where g.code_hash = any ({hashes})
            """;

    public static Sql ById(UserId creatorId, Guid id) =>
        $"""
            select g.creator_id, null, g.id, g.code_hash, g.amount, g.target_email, g.message, g.created_at, g.expires_at, h.ended_as, null
            from credits.gifts g
            join credits.holds h on h.owner_id = g.creator_id and h.id = g.id
            where g.creator_id = {creatorId} and g.id = {id}
            """;

    /// <summary>The gifts somebody made, newest first.</summary>
    /// <param name="before">The last one seen; null begins with the newest.</param>
    public static Sql CreatedBy(UserId creatorId, Guid? before, int limit) =>
        $"""
            select g.creator_id, null, g.id, g.code_hash, g.amount, g.target_email, g.message, g.created_at, g.expires_at, h.ended_as,
                t.created_at
            from credits.gifts g
            join credits.holds h on h.owner_id = g.creator_id and h.id = g.id
            left join credits.transactions t on t.owner_id = h.owner_id and t.seq = h.ended_seq
            where g.creator_id = {creatorId} and ({before is null} or (g.created_at, g.id) < (
                select b.created_at, b.id from credits.gifts b where b.creator_id = {creatorId} and b.id = {before ?? Guid.Empty}))
            order by g.created_at desc, g.id desc
            limit {limit}
            """;

    public Sql Insert() =>
        $"""
            insert into credits.gifts (creator_id, id, code_hash, amount, target_email, message, created_at, expires_at)
            values ({CreatorId}, {Id}, {CodeHash}, {Amount}, {TargetEmail}, {Message}, {CreatedAt}, {ExpiresAt})
            """;
}
