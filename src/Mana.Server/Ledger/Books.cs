using Mana.Platform;
using Mana.Platform.Database;

namespace Mana.Ledger;

/// <summary>
/// The double-entry ledger. Every credit that arrives somewhere has left somewhere else. A movement locks the row of its one owner,
/// decides, and writes account, history and transfers together; contention waits its turn.
/// </summary>
public static class Books
{
    /// <summary>
    /// Takes the owner's lock and, in the same round trip, looks for the key. The look comes after the lock: of two racing twins the
    /// second one sees the first.
    /// </summary>
    /// <returns>The account, null when the owner has none; and what was posted under the key before, if anything.</returns>
    public static Task<(LedgerAccount? Account, LedgerTransaction? Posted)> Lock(Tx tx, OwnerId owner, string? idempotencyKey) =>
        tx.Find<LedgerAccount, LedgerTransaction>(
            $"""
            select owner_id, owner_kind, free, paid, held, earned, spent, version, daily_granted_at, due_at
            from credits.accounts
            where owner_id = {owner}
            for update
            """,
            $"""
            select owner_id, seq, id, type::text, status::text, amount, balance_before, balance_after, app_id, description,
                organization_id, metadata::text, idempotency_key, fingerprint, created_at, completed_at
            from credits.transactions
            where owner_id = {owner} and idempotency_key = {idempotencyKey}
            """
        );

    /// <summary>The row of a new owner and its first movement, for a transaction that creates the owner.</summary>
    public static Sql[] Open(LedgerAccount empty, (LedgerAccount After, Transfer[] Transfers)? opening, Entry entry, DateTimeOffset now)
    {
        var account = opening?.After ?? empty;
        Sql row = $"""
            insert into credits.accounts (
                owner_id, owner_kind, free, paid, held, earned, spent, version, daily_granted_at, due_at, created_at, updated_at)
            values (
                {account.Owner}, {account.OwnerKind}, {account.Free}, {account.Paid}, {account.Held}, {account.Earned}, {account.Spent},
                {account.Version}, {account.DailyGrantedAt}, {account.DueAt}, {now}, {now})
            """;

        return opening is { } grant ? [row, .. History(empty, grant.After, grant.Transfers, entry, Ids.Uuid(now), now)] : [row];
    }

    /// <summary>
    /// Posts one movement of an account that is locked by this transaction, in one round trip. The version in the condition is the
    /// second net: it cannot have changed under the lock.
    /// </summary>
    public static async Task<LedgerTransaction> Post(
        Tx tx,
        LedgerAccount before,
        (LedgerAccount After, Transfer[] Transfers) movement,
        Entry entry,
        DateTimeOffset now
    )
    {
        var after = movement.After;
        var id = Ids.Uuid(now);
        Sql update = $"""
            update credits.accounts
            set free = {after.Free}, paid = {after.Paid}, held = {after.Held}, earned = {after.Earned}, spent = {after.Spent},
                version = {after.Version}, daily_granted_at = {after.DailyGrantedAt}, due_at = {after.DueAt}, updated_at = {now}
            where owner_id = {before.Owner} and version = {before.Version}
            """;
        var posted = await tx.FindLast<LedgerTransaction>([update, .. History(before, after, movement.Transfers, entry, id, now)]);
        Invariant.Holds(posted is not null && posted.Id == id && posted.Seq == after.Version);

        return posted;
    }

    /// <summary>Transfers first and the history row last, so that its returned columns are the answer.</summary>
    private static Sql[] History(LedgerAccount before, LedgerAccount after, Transfer[] transfers, Entry entry, Guid id, DateTimeOffset now)
    {
        Invariant.Holds(after.Version == before.Version + 1);
        Invariant.Holds(transfers.Length > 0);
        var from = Array.ConvertAll(transfers, transfer => transfer.From);
        var to = Array.ConvertAll(transfers, transfer => transfer.To);
        var amounts = Array.ConvertAll(transfers, transfer => transfer.Amount);

        return
        [
            $"""
                insert into credits.transfers (owner_id, seq, ordinal, from_account, to_account, amount)
                select {after.Owner}, {after.Version}, t.ordinal, t.from_account, t.to_account, t.amount
                from unnest({from}, {to}, {amounts}) with ordinality as t (from_account, to_account, amount, ordinal)
                """,
            $"""
                insert into credits.transactions (
                    owner_id, seq, id, type, status, amount, balance_before, balance_after, app_id, description, metadata,
                    idempotency_key, fingerprint, created_at, completed_at)
                values (
                    {after.Owner}, {after.Version}, {id}, {entry.Type}::text::credits.transaction_type, 'completed',
                    {after.Available - before.Available}, {before.Available}, {after.Available}, {entry.AppId}, {entry.Description},
                    {new Json(entry.Metadata)}, {entry.IdempotencyKey}, {entry.Fingerprint}, {now}, {now})
                returning owner_id, seq, id, type::text, status::text, amount, balance_before, balance_after, app_id, description,
                    organization_id, metadata::text, idempotency_key, fingerprint, created_at, completed_at
                """,
        ];
    }
}
