using Mana.Platform;
using Mana.Platform.Database;
using Npgsql;

namespace Mana.Ledger;

/// <summary>One movement that was decided: the account before and after, the transfers it is made of, and what it is about.</summary>
public sealed record Posting(LedgerAccount Before, LedgerAccount After, Transfer[] Transfers, Entry Entry, Guid Id)
{
    /// <summary>The history row as it will stand, but for metadata, whose form the database decides.</summary>
    public LedgerTransaction Row(string? metadata, DateTimeOffset now) =>
        new(
            After.Owner,
            After.Version,
            Id,
            Entry.Type,
            "completed",
            After.Available - Before.Available,
            Before.Available,
            After.Available,
            Entry.AppId,
            Entry.Description,
            OrganizationId: null,
            metadata,
            Entry.IdempotencyKey,
            Entry.Fingerprint,
            now,
            now
        );
}

/// <summary>
/// The double-entry ledger. Every credit that arrives somewhere has left somewhere else. Movements lock the rows of their owners in the
/// order of ids, are decided, and are written together, one or many, in one round trip.
/// </summary>
public static class Books
{
    /// <summary>Takes the owner's lock, waiting for whoever has it.</summary>
    /// <returns>Null when the owner has no account.</returns>
    public static Task<LedgerAccount?> Lock(Tx tx, OwnerId owner) =>
        tx.Find<LedgerAccount>(
            $"""
            select owner_id, owner_kind, free, paid, held, earned, spent, version, daily_granted_at, due_at
            from credits.accounts
            where owner_id = {owner}
            for update
            """
        );

    /// <summary>
    /// Takes the locks of all owners that nobody else has, in id order, and in the same round trip looks for what was posted under the keys.
    /// The look comes after the locks: of two racing twins the second one sees the first. Whoever is missing in the answer is locked by
    /// somebody else, or has no account.
    /// </summary>
    /// <param name="keyOwners">Owner of each key, in step with <paramref name="keys"/>.</param>
    public static Task<(List<LedgerAccount> Accounts, List<LedgerTransaction> Posted)> LockFree(
        Tx tx,
        string[] owners,
        string[] keyOwners,
        string[] keys
    ) =>
        tx.All<LedgerAccount, LedgerTransaction>(
            $"""
            select owner_id, owner_kind, free, paid, held, earned, spent, version, daily_granted_at, due_at
            from credits.accounts
            where owner_id = any ({owners})
            order by owner_id
            for update skip locked
            """,
            Posted(keyOwners, keys)
        );

    /// <summary>What was posted under the keys.</summary>
    public static Sql Posted(string[] keyOwners, string[] keys) =>
        $"""
            select t.owner_id, t.seq, t.id, t.type::text, t.status::text, t.amount, t.balance_before, t.balance_after, t.app_id,
                t.description, t.organization_id, t.metadata::text, t.idempotency_key, t.fingerprint, t.created_at, t.completed_at
            from unnest({keyOwners}, {keys}) as k (owner_id, idempotency_key)
            join credits.transactions t on t.owner_id = k.owner_id and t.idempotency_key = k.idempotency_key
            """;

    /// <summary>The row of a new owner, for a transaction that creates the owner.</summary>
    public static Sql Open(LedgerAccount empty, DateTimeOffset now) =>
        $"""
            insert into credits.accounts (
                owner_id, owner_kind, free, paid, held, earned, spent, version, daily_granted_at, due_at, created_at, updated_at)
            values (
                {empty.Owner}, {empty.OwnerKind}, {empty.Free}, {empty.Paid}, {empty.Held}, {empty.Earned}, {empty.Spent},
                {empty.Version}, {empty.DailyGrantedAt}, {empty.DueAt}, {now}, {now})
            """;

    /// <summary>
    /// Posts movements of accounts that are locked by this transaction; several of one account stand in their order. The version in the
    /// condition is the second net: it cannot have changed under the lock.
    /// </summary>
    /// <returns>The history rows, in the order of the movements.</returns>
    public static async Task<LedgerTransaction[]> Post(Tx tx, IReadOnlyList<Posting> postings, DateTimeOffset now)
    {
        var (moved, written) = await tx.All<Moved, Written>(Write(postings, now));
        Invariant.Holds(moved.Count == postings.Select(posting => posting.After.Owner).Distinct().Count());
        Invariant.Holds(written.Count == postings.Count);
        var rows = written.ToDictionary(row => (row.Owner, row.Seq));

        return [.. postings.Select(posting => Match(posting, rows, now))];
    }

    /// <summary>The statements of movements, for a transaction that sends them together with others.</summary>
    public static Sql[] Write(IReadOnlyList<Posting> postings, DateTimeOffset now) =>
        [Update(postings, now), Transfers(postings), History(postings, now)];

    private static LedgerTransaction Match(Posting posting, Dictionary<(string Owner, long Seq), Written> rows, DateTimeOffset now)
    {
        // Whoever got somebody else's row would see somebody else's balance, so the match is by name and not by place.
        Invariant.Holds(rows.TryGetValue((posting.After.Owner.Value, posting.After.Version), out var row));
        Invariant.Holds(row.Id == posting.Id);

        return posting.Row(row.Metadata, now);
    }

    private static Sql Update(IReadOnlyList<Posting> postings, DateTimeOffset now)
    {
        var spans = postings
            .GroupBy(posting => posting.After.Owner)
            .Select(own => (First: own.First().Before, Last: own.Last().After))
            .ToArray();
        T[] Each<T>(Func<LedgerAccount, T> value) => Array.ConvertAll(spans, span => value(span.Last));

        return $"""
            update credits.accounts a
            set free = n.free, paid = n.paid, held = n.held, earned = n.earned, spent = n.spent, version = n.version,
                daily_granted_at = n.daily_granted_at, due_at = n.due_at, updated_at = {now}
            from unnest(
                {Each(account => account.Owner.Value)}, {Array.ConvertAll(spans, span => span.First.Version)},
                {Each(account => account.Free)}, {Each(account => account.Paid)}, {Each(account => account.Held)},
                {Each(account => account.Earned)}, {Each(account => account.Spent)}, {Each(account => account.Version)},
                {Each(account => account.DailyGrantedAt)}, {Each(account => account.DueAt)}
            ) as n (owner_id, version_before, free, paid, held, earned, spent, version, daily_granted_at, due_at)
            where a.owner_id = n.owner_id and a.version = n.version_before
            returning a.owner_id
            """;
    }

    private static Sql Transfers(IReadOnlyList<Posting> postings)
    {
        var rows = postings
            .SelectMany(posting => posting.Transfers.Select((transfer, index) => (posting.After, transfer, index + 1L)))
            .ToArray();

        return $"""
            insert into credits.transfers (owner_id, seq, ordinal, from_account, to_account, amount)
            select t.owner_id, t.seq, t.ordinal, t.from_account, t.to_account, t.amount
            from unnest(
                {Array.ConvertAll(rows, row => row.After.Owner.Value)}, {Array.ConvertAll(rows, row => row.After.Version)},
                {Array.ConvertAll(rows, row => row.Item3)}, {Array.ConvertAll(rows, row => row.transfer.From)},
                {Array.ConvertAll(rows, row => row.transfer.To)}, {Array.ConvertAll(rows, row => row.transfer.Amount)}
            ) as t (owner_id, seq, ordinal, from_account, to_account, amount)
            """;
    }

    private static Sql History(IReadOnlyList<Posting> postings, DateTimeOffset now)
    {
        T[] Each<T>(Func<Posting, T> value) => [.. postings.Select(value)];
        foreach (var posting in postings)
        {
            Invariant.Holds(posting.After.Version == posting.Before.Version + 1 && posting.Transfers.Length > 0);
        }

        return $"""
            insert into credits.transactions (
                owner_id, seq, id, type, status, amount, balance_before, balance_after, app_id, description, metadata,
                idempotency_key, fingerprint, created_at, completed_at)
            select t.owner_id, t.seq, t.id, t.type::credits.transaction_type, 'completed', t.balance_after - t.balance_before,
                t.balance_before, t.balance_after, t.app_id, t.description, t.metadata::jsonb, t.idempotency_key, t.fingerprint, {now}, {now}
            from unnest(
                {Each(posting => posting.After.Owner.Value)}, {Each(posting => posting.After.Version)}, {Each(posting => posting.Id)},
                {Each(posting => posting.Entry.Type)}, {Each(posting => posting.Before.Available)},
                {Each(posting => posting.After.Available)}, {Each(posting => posting.Entry.AppId)},
                {Each(posting => posting.Entry.Description)}, {new Texts(Each(posting => posting.Entry.Metadata))},
                {new Texts(Each(posting => posting.Entry.IdempotencyKey))}, {Each(posting => posting.Entry.Fingerprint)}
            ) as t (
                owner_id, seq, id, type, balance_before, balance_after, app_id, description, metadata, idempotency_key, fingerprint)
            returning owner_id, seq, id, metadata::text
            """;
    }

    private sealed record Moved(string Owner) : IRow<Moved>
    {
        public static Moved Read(NpgsqlDataReader row) => new(row.GetString(0));
    }

    private sealed record Written(string Owner, long Seq, Guid Id, string? Metadata) : IRow<Written>
    {
        public static Written Read(NpgsqlDataReader row) =>
            new(row.GetString(0), row.GetInt64(1), row.GetGuid(2), row.IsDBNull(3) ? null : row.GetString(3));
    }
}
