using Mana.Ledger.Proofs;
using Mana.Platform.Database;
using Npgsql;

namespace Mana.Ledger;

/// <summary>
/// The double-entry ledger. Every credit that arrives somewhere has left somewhere else. Movements lock the rows of their owners in the
/// order of ids, are decided, and are written together, one or many, in one round trip.
/// </summary>
public static class Books
{
    /// <summary>Takes the owner's lock, waiting for whoever has it.</summary>
    /// <returns>Null when the owner has no account.</returns>
    public static async Task<Holdings?> Lock(Tx tx, OwnerId owner) =>
        (await LockAll(tx, [owner.Value])).TryGetValue(owner, out var holdings) ? holdings : null;

    /// <summary>Takes the locks of all owners in the order of their ids, waiting for whoever has them.</summary>
    public static async Task<Dictionary<OwnerId, Holdings>> LockAll(Tx tx, string[] owners)
    {
        var (accounts, lots, portions) = await tx.All<LockedAccount, OwnedLot, HeldPortion>(
            $"""
            select owner_id, owner_kind, free, paid, held, earned, spent, version, daily_granted_at, expires_at,
                chain_id, chain_salt, chain_tail
            from credits.accounts
            where owner_id = any ({owners})
            order by owner_id
            for update
            """,
            OpenLots(owners),
            OpenHolds(owners)
        );

        return Together(accounts, lots, portions);
    }

    /// <summary>
    /// Takes the locks of all owners that nobody else has, in id order, and in the same round trip looks for what was posted under the keys.
    /// The look comes after the locks: of two racing twins the second one sees the first. Whoever is missing in the answer is locked by
    /// somebody else, or has no account.
    /// </summary>
    /// <param name="keyOwners">Owner of each key, in step with <paramref name="keys"/>.</param>
    public static async Task<(Dictionary<OwnerId, Holdings> Holdings, List<LedgerTransaction> Posted)> LockFree(
        Tx tx,
        string[] owners,
        string[] keyOwners,
        string[] keys
    )
    {
        var (accounts, lots, portions, posted) = await tx.All<LockedAccount, OwnedLot, HeldPortion, LedgerTransaction>(
            $"""
            select owner_id, owner_kind, free, paid, held, earned, spent, version, daily_granted_at, expires_at,
                chain_id, chain_salt, chain_tail
            from credits.accounts
            where owner_id = any ({owners})
            order by owner_id
            for update skip locked
            """,
            OpenLots(owners),
            OpenHolds(owners),
            Posted(keyOwners, keys)
        );

        return (Together(accounts, lots, portions), posted);
    }

    /// <summary>What was posted under the keys.</summary>
    public static Sql Posted(string[] keyOwners, string[] keys) =>
        $"""
            select t.owner_id, t.seq, t.id, t.type::text, t.status::text, t.amount, t.balance_before, t.balance_after, t.app_id,
                t.description, t.organization_id, t.metadata::text, t.idempotency_key, t.fingerprint, t.created_at, t.completed_at
            from unnest({keyOwners}, {keys}) as k (owner_id, idempotency_key)
            join credits.transactions t on t.owner_id = k.owner_id and t.idempotency_key = k.idempotency_key
            """;

    /// <summary>
    /// Gives everything of an owner to a name nobody knows and clears what was written by hand: the books stay, and say of whom no longer.
    /// For a transaction that holds the owner's lock.
    /// </summary>
    /// <param name="address">What others may have written down of the owner.</param>
    public static Sql Detach(OwnerId owner, string address, OwnerId pseudonym) =>
        $"select credits.detach_owner({owner}, {address}, {pseudonym})";

    /// <summary>The transfers of one position, in their order.</summary>
    public static Task<List<PostedTransfer>> Transfers(Tx tx, OwnerId owner, long seq) =>
        tx.All<PostedTransfer>(
            $"""
            select from_account, to_account, amount, lot
            from credits.transfers
            where owner_id = {owner} and seq = {seq}
            order by ordinal
            """
        );

    /// <summary>Lots by their ids, also those of which nothing is left.</summary>
    public static Task<List<OwnedLot>> Lots(Tx tx, OwnerId owner, long[] ids) =>
        tx.All<OwnedLot>(
            $"""
            select owner_id, id, bucket, priority, expires_at, remaining, held, opened_at
            from credits.lots
            where owner_id = {owner} and id = any ({ids})
            """
        );

    private static Sql OpenLots(string[] owners) =>
        $"""
            select owner_id, id, bucket, priority, expires_at, remaining, held, opened_at
            from credits.lots
            where owner_id = any ({owners}) and (remaining > 0 or held > 0)
            """;

    private static Sql OpenHolds(string[] owners) =>
        $"""
            select h.owner_id, h.id, h.kind, h.seq, h.app_id, h.reason, h.expires_at, h.created_at, t.from_account, t.lot, t.amount
            from credits.holds h
            join credits.transfers t on t.owner_id = h.owner_id and t.seq = h.seq
            where h.owner_id = any ({owners}) and h.ended_seq is null
            order by h.owner_id, h.seq, t.ordinal
            """;

    private static Dictionary<OwnerId, Holdings> Together(List<LockedAccount> accounts, List<OwnedLot> lots, List<HeldPortion> portions)
    {
        var lotsOf = lots.ToLookup(lot => lot.Owner, lot => lot.Lot);
        var portionsOf = portions.ToLookup(portion => portion.Owner);

        return accounts.ToDictionary(
            locked => locked.Account.Owner,
            locked => new Holdings(
                locked.Account,
                lots.Count == 0 ? [] : [.. lotsOf[locked.Account.Owner].Order(Lot.SpendingOrder)],
                portions.Count == 0 ? [] : HeldPortion.Whole(portionsOf[locked.Account.Owner]),
                locked.Chain
            )
        );
    }
}

/// <summary>An owner's row under its lock, with the end of the chain that the next movement is linked to.</summary>
internal sealed record LockedAccount(LedgerAccount Account, Chain Chain) : IRow<LockedAccount>
{
    public static LockedAccount Read(NpgsqlDataReader row) =>
        new(
            LedgerAccount.Read(row),
            new Chain(row.GetGuid(10), row.IsDBNull(11) ? null : row.GetFieldValue<byte[]>(11), row.GetFieldValue<byte[]>(12))
        );
}

/// <summary>A transfer as it was posted.</summary>
public sealed record PostedTransfer(Transfer Transfer) : IRow<PostedTransfer>
{
    public static PostedTransfer Read(NpgsqlDataReader row) =>
        new(new Transfer(row.GetString(0), row.GetString(1), row.GetInt64(2), row.IsDBNull(3) ? null : row.GetInt64(3)));
}
