using Mana.Ledger.Proofs;
using Mana.Platform;
using Mana.Platform.Database;
using Npgsql;

namespace Mana.Ledger;

/// <summary>
/// Writes movements of accounts that are locked by this transaction, one or many, in one round trip. Several of one owner stand in their
/// order.
/// </summary>
public static class Writing
{
    /// <returns>The history rows, in the order of the movements.</returns>
    public static async Task<LedgerTransaction[]> Post(Tx tx, IReadOnlyList<Posting> postings, DateTimeOffset now)
    {
        var rows = postings.Select(posting => posting.Row()).ToArray();
        var (moved, ended, written) = await tx.All<Moved, Ended, Written>(Statements(postings, rows, now));
        // The version and the open hold in the conditions are the second net: neither can have changed under the lock.
        Invariant.Holds(moved.Count == postings.Select(posting => posting.To.Owner).Distinct().Count());
        Invariant.Holds(ended.Count == postings.Count(posting => posting.Movement.Ended is not null));
        Invariant.Holds(written.Count == postings.Count);
        var kept = written.ToDictionary(row => (row.Owner, row.Seq));
        Array.ForEach(rows, row => Match(row, kept));

        return rows;
    }

    /// <summary>The row of a new owner and their first movements, for a transaction that creates the owner.</summary>
    public static Sql[] Open(Holdings empty, IReadOnlyList<Posting> postings, DateTimeOffset now) =>
        [
            Row(empty.Account, empty.Chain, now),
            .. postings.Count == 0 ? [] : Statements(postings, [.. postings.Select(posting => posting.Row())], now),
        ];

    private static Sql[] Statements(IReadOnlyList<Posting> postings, LedgerTransaction[] rows, DateTimeOffset now)
    {
        var hashes = Chain.Link(postings, rows);
        var lots = postings.GroupBy(posting => posting.To.Owner).SelectMany(LotsOf).ToArray();
        var opened = postings.Where(posting => posting.Movement.Opened is not null).ToArray();

        return
        [
            Update(postings, hashes, now),
            Transfers(postings),
            .. lots.Length == 0 ? Array.Empty<Sql>() : [Lots(lots)],
            .. opened.Length == 0 ? Array.Empty<Sql>() : [Holds(opened)],
            Ends([.. postings.Where(posting => posting.Movement.Ended is not null)]),
            History(postings, hashes),
        ];
    }

    // Whoever got somebody else's row would see somebody else's balance, so the match is by name and not by place. Metadata that the
    // database keeps in another form would make the row's hash wrong for ever.
    private static void Match(LedgerTransaction row, Dictionary<(string Owner, long Seq), Written> kept)
    {
        Invariant.Holds(kept.TryGetValue((row.Owner.Value, row.Seq), out var written));
        Invariant.Holds(written.Id == row.Id && written.Metadata == row.Metadata);
    }

    private static IEnumerable<OwnedLot> LotsOf(IGrouping<OwnerId, Posting> own)
    {
        var before = own.First().Before.Lots;

        return own.Last().Movement.After.Lots.Where(lot => !before.Contains(lot)).Select(lot => new OwnedLot(own.Key, lot));
    }

    private static Sql Row(LedgerAccount empty, Chain chain, DateTimeOffset now) =>
        $"""
            insert into credits.accounts (
                owner_id, owner_kind, free, paid, held, earned, spent, version, daily_granted_at, due_at, expires_at, created_at, updated_at,
                chain_id, chain_salt, chain_tail)
            values (
                {empty.Owner}, {empty.OwnerKind}, {empty.Free}, {empty.Paid}, {empty.Held}, {empty.Earned}, {empty.Spent},
                {empty.Version}, {empty.DailyGrantedAt}, {empty.DueAt}, {empty.ExpiresAt}, {now}, {now},
                {chain.Id}, {chain.Salt}, {chain.Tail})
            """;

    private static Sql Update(IReadOnlyList<Posting> postings, byte[][] hashes, DateTimeOffset now)
    {
        var spans = postings
            .Select((posting, at) => (posting, Hash: hashes[at]))
            .GroupBy(each => each.posting.To.Owner)
            .Select(own => (First: own.First().posting.From, Last: own.Last().posting.To, own.Last().Hash))
            .ToArray();
        T[] Each<T>(Func<LedgerAccount, T> value) => Array.ConvertAll(spans, span => value(span.Last));

        return $"""
            update credits.accounts a
            set free = n.free, paid = n.paid, held = n.held, earned = n.earned, spent = n.spent, version = n.version,
                daily_granted_at = n.daily_granted_at, due_at = n.due_at, expires_at = nullif(n.expires_at, 'infinity'),
                chain_tail = n.chain_tail, updated_at = {now}
            from unnest(
                {Each(account => account.Owner.Value)}, {Array.ConvertAll(spans, span => span.First.Version)},
                {Each(account => account.Free)}, {Each(account => account.Paid)}, {Each(account => account.Held)},
                {Each(account => account.Earned)}, {Each(account => account.Spent)}, {Each(account => account.Version)},
                {Each(account => account.DailyGrantedAt)}, {Each(account => account.DueAt)},
                {Each(account => account.ExpiresAt ?? DateTimeOffset.MaxValue)}, {Array.ConvertAll(spans, span => span.Hash)}
            ) as n (owner_id, version_before, free, paid, held, earned, spent, version, daily_granted_at, due_at, expires_at, chain_tail)
            where a.owner_id = n.owner_id and a.version = n.version_before
            returning a.owner_id
            """;
    }

    private static Sql Transfers(IReadOnlyList<Posting> postings)
    {
        var rows = postings
            .SelectMany(posting => posting.Movement.Transfers.Select((transfer, index) => (posting.To, transfer, Ordinal: index + 1L)))
            .ToArray();

        return $"""
            insert into credits.transfers (owner_id, seq, ordinal, from_account, to_account, amount, lot)
            select t.owner_id, t.seq, t.ordinal, t.from_account, t.to_account, t.amount, nullif(t.lot, 0)
            from unnest(
                {Array.ConvertAll(rows, row => row.To.Owner.Value)}, {Array.ConvertAll(rows, row => row.To.Version)},
                {Array.ConvertAll(rows, row => row.Ordinal)}, {Array.ConvertAll(rows, row => row.transfer.From)},
                {Array.ConvertAll(rows, row => row.transfer.To)}, {Array.ConvertAll(rows, row => row.transfer.Amount)},
                {Array.ConvertAll(rows, row => row.transfer.Lot ?? 0)}
            ) as t (owner_id, seq, ordinal, from_account, to_account, amount, lot)
            """;
    }

    private static Sql Lots(OwnedLot[] lots) =>
        $"""
            insert into credits.lots (owner_id, id, bucket, priority, expires_at, remaining, held, opened_at)
            select n.owner_id, n.id, n.bucket, n.priority, nullif(n.expires_at, 'infinity'), n.remaining, n.held, n.opened_at
            from unnest(
                {Array.ConvertAll(lots, lot => lot.Owner.Value)}, {Array.ConvertAll(lots, lot => lot.Lot.Id)},
                {Array.ConvertAll(lots, lot => lot.Lot.Bucket)}, {Array.ConvertAll(lots, lot => (long)lot.Lot.Priority)},
                {Array.ConvertAll(lots, lot => lot.Lot.ExpiresAt ?? DateTimeOffset.MaxValue)},
                {Array.ConvertAll(lots, lot => lot.Lot.Remaining)}, {Array.ConvertAll(lots, lot => lot.Lot.Held)},
                {Array.ConvertAll(lots, lot => lot.Lot.OpenedAt)}
            ) as n (owner_id, id, bucket, priority, expires_at, remaining, held, opened_at)
            on conflict on constraint lots_pkey do update set remaining = excluded.remaining, held = excluded.held
            """;

    private static Sql Holds(Posting[] opening)
    {
        T[] Each<T>(Func<Hold, T> value) => Array.ConvertAll(opening, posting => value(posting.Movement.Opened!));

        return $"""
            insert into credits.holds (owner_id, id, kind, seq, amount, app_id, reason, expires_at, created_at)
            select n.owner_id, n.id, n.kind, n.seq, n.amount, n.app_id, n.reason, n.expires_at, n.created_at
            from unnest(
                {Array.ConvertAll(opening, posting => posting.To.Owner.Value)}, {Each(hold => hold.Id)}, {Each(hold => hold.Kind)}, {Each(
                hold => hold.Seq
            )},
                {Each(hold => hold.Amount)}, {Each(hold => hold.AppId)}, {Each(hold => hold.Reason)}, {Each(hold => hold.ExpiresAt)},
                {Each(hold => hold.CreatedAt)}
            ) as n (owner_id, id, kind, seq, amount, app_id, reason, expires_at, created_at)
            """;
    }

    private static Sql Ends(Posting[] ending) =>
        $"""
            update credits.holds h
            set ended_seq = n.seq, ended_as = n.ended_as
            from unnest(
                {Array.ConvertAll(ending, posting => posting.To.Owner.Value)}, {Array.ConvertAll(
                ending,
                posting => posting.Movement.Ended!.HoldId
            )},
                {Array.ConvertAll(ending, posting => posting.To.Version)}, {Array.ConvertAll(ending, posting => posting.Movement.Ended!.As)}
            ) as n (owner_id, id, seq, ended_as)
            where h.owner_id = n.owner_id and h.id = n.id and h.ended_seq is null
            returning h.id
            """;

    private static Sql History(IReadOnlyList<Posting> postings, byte[][] hashes)
    {
        T[] Each<T>(Func<Posting, T> value) => [.. postings.Select(value)];
        foreach (var posting in postings)
        {
            Invariant.Holds(posting.To.Version == posting.From.Version + 1 && posting.Movement.Transfers.Length > 0);
        }

        return $"""
            insert into credits.transactions (
                owner_id, seq, id, type, status, amount, balance_before, balance_after, app_id, description, organization_id, metadata,
                idempotency_key, fingerprint, reverses, created_at, completed_at, hash, xid)
            select t.owner_id, t.seq, t.id, t.type::credits.transaction_type, t.status::credits.transaction_status,
                t.balance_after - t.balance_before, t.balance_before, t.balance_after, t.app_id, t.description, t.organization_id,
                t.metadata::jsonb, t.idempotency_key, t.fingerprint, nullif(t.reverses, 0), t.at,
                case when t.status = 'completed' then t.at end, t.hash, (select credits.current_xid())
            from unnest(
                {Each(posting => posting.To.Owner.Value)}, {Each(posting => posting.To.Version)}, {Each(posting => posting.Id)},
                {Each(posting => posting.Entry.Type)}, {Each(posting => posting.Entry.Status)}, {Each(posting => posting.From.Available)},
                {Each(posting => posting.To.Available)}, {Each(posting => posting.Entry.AppId)},
                {Each(posting => posting.Entry.Description)}, {new Texts(Each(posting => posting.Entry.OrganizationId))},
                {new Texts(Each(posting => posting.Entry.Metadata))}, {new Texts(Each(posting => posting.Entry.IdempotencyKey))},
                {Each(posting => posting.Entry.Fingerprint)}, {Each(posting => posting.Movement.Reverses ?? 0)},
                {Each(posting => posting.At)}, {hashes}
            ) as t (
                owner_id, seq, id, type, status, balance_before, balance_after, app_id, description, organization_id, metadata,
                idempotency_key, fingerprint, reverses, at, hash)
            returning owner_id, seq, id, metadata::text
            """;
    }

    private sealed record Moved(string Owner) : IRow<Moved>
    {
        public static Moved Read(NpgsqlDataReader row) => new(row.GetString(0));
    }

    private sealed record Ended(Guid HoldId) : IRow<Ended>
    {
        public static Ended Read(NpgsqlDataReader row) => new(row.GetGuid(0));
    }

    private sealed record Written(string Owner, long Seq, Guid Id, string? Metadata) : IRow<Written>
    {
        public static Written Read(NpgsqlDataReader row) =>
            new(row.GetString(0), row.GetInt64(1), row.GetGuid(2), row.IsDBNull(3) ? null : row.GetString(3));
    }
}
