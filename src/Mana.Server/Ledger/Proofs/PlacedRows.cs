using Mana.Platform.Database;
using Npgsql;

namespace Mana.Ledger.Proofs;

/// <summary>An owner's chain as their row knows it.</summary>
internal sealed record OwnChain(string Owner, long Version, Guid Id, byte[]? Salt, byte[] Tail, long Free, long Paid) : IRow<OwnChain>
{
    /// <summary>What somebody wrote there may be more than a number of the books can be.</summary>
    public Int128 Available => (Int128)Free + Paid;

    public static OwnChain Read(NpgsqlDataReader row) =>
        new(
            row.GetString(0),
            row.GetInt64(1),
            row.GetGuid(2),
            row.IsDBNull(3) ? null : row.GetFieldValue<byte[]>(3),
            row.GetFieldValue<byte[]>(4),
            row.GetInt64(5),
            row.GetInt64(6)
        );

    public static Sql Of(string owner) =>
        $"select owner_id, version, chain_id, chain_salt, chain_tail, free, paid from credits.accounts where owner_id = {owner}";

    public static Sql Between(string after, string to, string[] without) =>
        $"""
            select owner_id, version, chain_id, chain_salt, chain_tail, free, paid
            from credits.accounts
            where owner_id > {after} and owner_id <= {to} and owner_id <> all({without})
            order by owner_id
            """;
}

/// <summary>A transfer and the position it belongs to.</summary>
internal sealed record PlacedTransfer(string Owner, long Seq, Transfer Transfer) : IRow<PlacedTransfer>
{
    public static PlacedTransfer Read(NpgsqlDataReader row) =>
        new(
            row.GetString(0),
            row.GetInt64(1),
            new Transfer(row.GetString(2), row.GetString(3), row.GetInt64(4), row.IsDBNull(5) ? null : row.GetInt64(5))
        );

    /// <summary>
    /// The owners are said once more by themselves: of pairs PostgreSQL assumes that a third of all rows follow, and for so many it read the
    /// whole table for every page.
    /// </summary>
    public static Sql Between(string fromOwner, long fromSeq, string toOwner, long toSeq, string[] without) =>
        $"""
            select owner_id, seq, from_account, to_account, amount, lot
            from credits.transfers
            where owner_id >= {fromOwner} and owner_id <= {toOwner} and owner_id <> all({without})
                and (owner_id, seq) > ({fromOwner}, {fromSeq}) and (owner_id, seq) <= ({toOwner}, {toSeq})
            order by owner_id, seq, ordinal
            """;
}

/// <summary>A lot and its owner; its id says which position opened it.</summary>
internal sealed record PlacedLot(string Owner, LotTerms Lot) : IRow<PlacedLot>
{
    public static PlacedLot Read(NpgsqlDataReader row) =>
        new(
            row.GetString(0),
            new LotTerms(
                row.GetInt64(1),
                row.GetString(2),
                row.GetInt16(3),
                row.IsDBNull(4) ? null : row.GetFieldValue<DateTimeOffset>(4),
                row.GetFieldValue<DateTimeOffset>(5)
            )
        );

    public static Sql Between(string fromOwner, long fromSeq, string toOwner, long toSeq, string[] without)
    {
        // The first id behind a position is that of the position after it.
        var (from, to) = (Ledger.Lot.IdAt(fromSeq + 1, 0), Ledger.Lot.IdAt(toSeq + 1, 0));

        return $"""
            select owner_id, id, bucket, priority, expires_at, opened_at
            from credits.lots
            where owner_id >= {fromOwner} and owner_id <= {toOwner} and owner_id <> all({without})
                and (owner_id, id) >= ({fromOwner}, {from}) and (owner_id, id) < ({toOwner}, {to})
            order by owner_id, id
            """;
    }
}

/// <summary>A hold at the position where it began, or at the one where it ended.</summary>
internal sealed record PlacedHold(string Owner, long Seq, HoldTerms Terms, string? EndedAs) : IRow<PlacedHold>
{
    public HoldEnd? End => EndedAs is null ? null : new HoldEnd(Terms.Id, EndedAs);

    public static PlacedHold Read(NpgsqlDataReader row) =>
        new(
            row.GetString(0),
            row.GetInt64(1),
            new HoldTerms(
                row.GetGuid(2),
                row.GetString(3),
                row.GetInt64(4),
                row.GetString(5),
                row.GetString(6),
                row.GetFieldValue<DateTimeOffset>(7),
                row.GetFieldValue<DateTimeOffset>(8)
            ),
            row.IsDBNull(9) ? null : row.GetString(9)
        );

    public static Sql Between(string fromOwner, long fromSeq, string toOwner, long toSeq, string[] without) =>
        $"""
            select owner_id, seq, id, kind, amount, app_id, reason, expires_at, created_at, null::text
            from credits.holds
            where owner_id >= {fromOwner} and owner_id <= {toOwner} and owner_id <> all({without})
                and (owner_id, seq) > ({fromOwner}, {fromSeq}) and (owner_id, seq) <= ({toOwner}, {toSeq})
            union all
            select owner_id, ended_seq, id, kind, amount, app_id, reason, expires_at, created_at, ended_as
            from credits.holds
            where ended_seq is not null
                and owner_id >= {fromOwner} and owner_id <= {toOwner} and owner_id <> all({without})
                and (owner_id, ended_seq) > ({fromOwner}, {fromSeq}) and (owner_id, ended_seq) <= ({toOwner}, {toSeq})
            """;
}
