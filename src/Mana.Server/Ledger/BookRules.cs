using Mana.Ledger.Proofs;
using Mana.Platform.Database;

namespace Mana.Ledger;

/// <summary>
/// What has to be true of the books, each rule one statement that finds the rows that say otherwise: owner, position, and what was found. They
/// compute from the transfers alone. What is seen along one history is checked there (<see cref="CheckHistories"/>).
/// </summary>
public static class BookRules
{
    public const int FaultsMax = 100;

    public static readonly IReadOnlyList<(string Name, Func<Sql> Faults)> All =
    [
        ("an owner has more than one account", Twice),
        ("a running balance differs from its transfers", Balances),
        ("what was earned or spent differs from its transfers", Totals),
        ("a history belongs to no account", Ownerless),
        ("a lot differs from its transfers", Lots),
        ("a bucket is smaller than its lots", Buckets),
        ("a hold differs from its transfers", Holds),
        ("what is held differs from the open holds", Held),
        ("an account expires at another time than what it holds", Expiry),
        ("an account knows a history that is not there", Vanished),
        ("a hold is open longer than its time", Overdue),
        ("texts are erased of somebody who is not", Forgotten),
    ];

    private static Sql Twice() =>
        $"""
            select owner_id, max(version), count(*) || ' accounts'
            from credits.accounts
            group by owner_id
            having count(*) > 1
            order by 1
            limit {FaultsMax}
            """;

    /// <summary>Sums have no bounds here: what was taken is subtracted from what was given, and nothing is made negative before.</summary>
    private static Sql Balances() =>
        $"""
            with moved as (
                select owner_id, bucket, coalesce(sum(amount) filter (where is_given), 0) - coalesce(sum(amount) filter (where not is_given), 0)
                    as amount
                from (
                    select owner_id, to_account as bucket, true as is_given, amount
                    from credits.transfers
                    where to_account in ('free', 'paid', 'held')
                    union all
                    select owner_id, from_account, false, amount from credits.transfers where from_account in ('free', 'paid', 'held')
                ) sides
                group by owner_id, bucket
            ), kept as (
                select a.owner_id, a.version, b.bucket, b.amount
                from credits.accounts a
                cross join lateral (values ('free', a.free), ('paid', a.paid), ('held', a.held)) as b (bucket, amount)
            )
            select k.owner_id, k.version, k.bucket || ' is ' || k.amount || ', its transfers make ' || coalesce(m.amount, 0)
            from kept k
            left join moved m on m.owner_id = k.owner_id and m.bucket = k.bucket
            where k.amount <> coalesce(m.amount, 0)
            order by 1, 3
            limit {FaultsMax}
            """;

    private static Sql Totals() =>
        $"""
            with moved as (
                select
                    owner_id,
                    coalesce(sum(amount) filter (where from_account in ('free', 'paid') and (to_account like 'app:%' or to_account = 'transit')), 0)
                        as spent,
                    coalesce(sum(amount) filter (where to_account = 'paid' and from_account not in ('free', 'held')), 0) as earned
                from credits.transfers
                group by owner_id
            )
            select a.owner_id, a.version,
                'earned ' || a.earned || ', spent ' || a.spent || '; transfers make ' || coalesce(m.earned, 0) || ' and ' || coalesce(m.spent, 0)
            from credits.accounts a
            left join moved m on m.owner_id = a.owner_id
            where a.earned <> coalesce(m.earned, 0) or a.spent <> coalesce(m.spent, 0)
            order by 1
            limit {FaultsMax}
            """;

    /// <summary>Asked only when there are more transfers than the rows have.</summary>
    public static Sql Orphans() =>
        $"""
            select f.owner_id, f.seq, 'transfer ' || f.ordinal || ' of ' || f.amount || ' from ' || f.from_account || ' to ' || f.to_account
            from credits.transfers f
            left join credits.transactions t on t.owner_id = f.owner_id and t.seq = f.seq
            where t.owner_id is null
            order by 1, 2
            limit {FaultsMax}
            """;

    private static Sql Ownerless() =>
        $"""
            select t.owner_id, max(t.seq), count(*) || ' movements'
            from credits.transactions t
            left join credits.accounts a on a.owner_id = t.owner_id
            where a.owner_id is null
            group by t.owner_id
            order by 1
            limit {FaultsMax}
            """;

    private static Sql Lots() =>
        $"""
            with moved as (
                select
                    owner_id,
                    lot,
                    coalesce(sum(amount) filter (where to_account in ('free', 'paid')), 0)
                        - coalesce(sum(amount) filter (where from_account in ('free', 'paid')), 0) as remaining,
                    coalesce(sum(amount) filter (where to_account = 'held'), 0)
                        - coalesce(sum(amount) filter (where from_account = 'held'), 0) as held
                from credits.transfers
                where lot is not null
                group by owner_id, lot
            )
            select coalesce(l.owner_id, m.owner_id), coalesce(l.id, m.lot) / 256,
                'lot ' || coalesce(l.id, m.lot) || ' has ' || coalesce(l.remaining, 0) || ' and ' || coalesce(l.held, 0)
                    || ' held; transfers make ' || coalesce(m.remaining, 0) || ' and ' || coalesce(m.held, 0)
            from credits.lots l
            full join moved m on m.owner_id = l.owner_id and m.lot = l.id
            where l.id is null or l.remaining <> coalesce(m.remaining, 0) or l.held <> coalesce(m.held, 0)
            order by 1, 2
            limit {FaultsMax}
            """;

    private static Sql Buckets() =>
        $"""
            select a.owner_id, a.version, 'free is ' || a.free || ', paid is ' || a.paid || '; lots have ' || l.free || ' and ' || l.paid
            from credits.accounts a
            join (
                select owner_id,
                    coalesce(sum(remaining) filter (where bucket = 'free'), 0) as free,
                    coalesce(sum(remaining) filter (where bucket = 'paid'), 0) as paid
                from credits.lots
                group by owner_id
            ) l on l.owner_id = a.owner_id
            where l.free > a.free or l.paid > a.paid
            order by 1
            limit {FaultsMax}
            """;

    private static Sql Holds() =>
        $"""
            with taken as (
                select owner_id, seq, sum(amount) as amount from credits.transfers where to_account = 'held' group by owner_id, seq
            ), returned as (
                select owner_id, seq, sum(amount) as amount from credits.transfers where from_account = 'held' group by owner_id, seq
            )
            select coalesce(h.owner_id, t.owner_id), coalesce(h.seq, t.seq),
                'hold of ' || coalesce(h.amount::text, 'nothing') || ', its transfers make ' || coalesce(t.amount::text, 'nothing')
            from credits.holds h
            full join taken t on t.owner_id = h.owner_id and t.seq = h.seq
            where h.amount is distinct from t.amount
            union all
            select coalesce(h.owner_id, r.owner_id), coalesce(h.ended_seq, r.seq),
                'hold of ' || coalesce(h.amount::text, 'nothing') || ' ended, its transfers make ' || coalesce(r.amount::text, 'nothing')
            from (select owner_id, ended_seq, amount from credits.holds where ended_seq is not null) h
            full join returned r on r.owner_id = h.owner_id and r.seq = h.ended_seq
            where h.amount is distinct from r.amount
            order by 1, 2
            limit {FaultsMax}
            """;

    private static Sql Held() =>
        $"""
            select a.owner_id, a.version, 'held is ' || a.held || ', open holds make ' || coalesce(h.amount, 0)
            from credits.accounts a
            left join (
                select owner_id, sum(amount) as amount from credits.holds where ended_seq is null group by owner_id
            ) h on h.owner_id = a.owner_id
            where a.held <> coalesce(h.amount, 0)
            order by 1
            limit {FaultsMax}
            """;

    private static Sql Expiry() =>
        $"""
            with due as (
                select owner_id, min(expires_at) as at
                from (
                    select owner_id, expires_at from credits.lots where remaining > 0
                    union all
                    select owner_id, expires_at from credits.holds where ended_seq is null
                ) open
                group by owner_id
            )
            select a.owner_id, a.version, 'it says ' || coalesce(a.expires_at::text, 'never') || ', holds and lots say ' || coalesce(d.at::text, 'never')
            from credits.accounts a
            left join due d on d.owner_id = a.owner_id
            where a.expires_at is distinct from d.at
            order by 1
            limit {FaultsMax}
            """;

    private static Sql Vanished() =>
        $"""
            select a.owner_id, 1::bigint, 'version is ' || a.version || ', there are 0 movements'
            from credits.accounts a
            where (a.chain_tail <> {Chain.Start} or a.version <> 0 or a.free <> 0 or a.paid <> 0)
                and not exists (select from credits.transactions t where t.owner_id = a.owner_id)
            order by 1
            limit {FaultsMax}
            """;

    /// <summary>
    /// Whatever happens to an owner posts what is due first, so nothing can have happened to them after a hold's time while it stayed open. That
    /// a hold is overdue says nothing by itself: the service may have been away, and nobody has come since.
    /// </summary>
    private static Sql Overdue() =>
        $"""
            select h.owner_id, h.seq, 'its time was over at ' || h.expires_at || ', position ' || newest.seq || ' is from ' || newest.created_at
            from credits.holds h
            cross join lateral (
                select t.seq, t.created_at from credits.transactions t where t.owner_id = h.owner_id order by t.seq desc limit 1
            ) newest
            where h.ended_seq is null
                and newest.seq > h.seq
                and newest.created_at > least(h.expires_at, timestamptz '9999-01-01 00:00:00+00') + interval '1 minute'
            order by 1, 2
            limit {FaultsMax}
            """;

    /// <summary>
    /// Erasing somebody takes salt, texts and name in one transaction. Whoever is known by their name and has no salt lost their texts and keys
    /// without it. (Of people who were erased before there were salts, theirs is still there.)
    /// </summary>
    private static Sql Forgotten() =>
        $"""
            select a.owner_id, a.version, 'it is of the kind ' || a.owner_kind || case when a.chain_salt is null then ', without a salt' else '' end
            from credits.accounts a
            where (a.chain_salt is null and a.owner_kind <> 'erased')
                or (a.owner_kind = 'erased') <> (a.owner_id like 'deleted:%')
            order by 1
            limit {FaultsMax}
            """;
}
