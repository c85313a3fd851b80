using Mana.Platform.Database;

namespace Mana.Ledger;

/// <summary>
/// Rows that cannot be read, or not be computed with: something is missing that every row has, an instant lies outside the years the service
/// knows, an amount or a position is beyond its bounds, a hash has another length. The constraints of the tables refuse all of it; whoever
/// alters the books can take constraints away. They are looked for first, so that one such row hides nothing else.
/// </summary>
public static class ReadableRows
{
    public const string Rule = "a row cannot be read";

    /// <summary>Whose a row is that names nobody.</summary>
    public const string Nobody = "nobody";

    /// <summary>In the place of an owner, where a fault is about seals.</summary>
    public const string Seals = "seals";

    /// <summary>Also of what all buckets hold together.</summary>
    private const long BalanceMax = 2_000_000_000_000_000;

    private const long AmountMax = 1_000_000_000_000;

    /// <summary>The id of a lot is 256 times the position that opened it, and has to find room.</summary>
    private const long PositionMax = long.MaxValue / 512;

    public static readonly IReadOnlyList<Func<Sql>> OfBooks = [Accounts, Histories, Transfers, Lots, Holds];

    public static readonly IReadOnlyList<Func<Sql>> OfSeals = [Sealed, Keys];

    private static Sql Accounts() =>
        $"""
            select coalesce(a.owner_id, {Nobody}), a.version, 'the account has free ' || coalesce(a.free::text, 'missing')
                || ', paid ' || coalesce(a.paid::text, 'missing') || ', held ' || coalesce(a.held::text, 'missing')
            from credits.accounts a
            where num_nulls(
                    a.owner_id, a.owner_kind, a.free, a.paid, a.held, a.earned, a.spent, a.version, a.daily_granted_at, a.due_at, a.created_at,
                    a.updated_at, a.chain_id, a.chain_tail) > 0
                or least(a.free, a.paid, a.held, a.earned, a.spent, a.version) < 0
                or greatest(a.free, a.paid, a.held, a.earned, a.spent) > {BalanceMax}
                or a.version > {PositionMax}
                or least(a.daily_granted_at, a.due_at, a.expires_at, a.created_at, a.updated_at) < timestamptz '0001-01-01 00:00:00+00'
                or greatest(a.daily_granted_at, a.due_at, a.expires_at, a.created_at, a.updated_at) >= timestamptz '10000-01-01 00:00:00+00'
                or octet_length(a.chain_tail) <> 32
                or octet_length(a.chain_salt) <> 16
            order by 1
            limit {BookRules.FaultsMax}
            """;

    private static Sql Histories() =>
        $"""
            select coalesce(t.owner_id, {Nobody}), t.seq, 'a history row of ' || coalesce(t.amount::text, 'nothing')
                || ' from ' || coalesce(t.created_at::text, 'no instant')
            from credits.transactions t
            where num_nulls(
                    t.owner_id, t.seq, t.id, t.type, t.status, t.amount, t.balance_before, t.balance_after, t.app_id, t.description, t.created_at,
                    t.hash, t.xid) > 0
                or t.seq not between 1 and {PositionMax}
                or t.amount not between -{AmountMax} and {AmountMax}
                or t.balance_before not between 0 and {BalanceMax}
                or t.balance_after not between 0 and {BalanceMax}
                or least(t.created_at, t.completed_at) < timestamptz '0001-01-01 00:00:00+00'
                or greatest(t.created_at, t.completed_at) >= timestamptz '10000-01-01 00:00:00+00'
                or octet_length(t.hash) <> 32
                or octet_length(t.text_digest) <> 32
            order by 1, 2
            limit {BookRules.FaultsMax}
            """;

    private static Sql Transfers() =>
        $"""
            select coalesce(f.owner_id, {Nobody}), f.seq, 'a transfer of ' || coalesce(f.amount::text, 'nothing')
                || ' from ' || coalesce(f.from_account, 'nowhere') || ' to ' || coalesce(f.to_account, 'nowhere')
            from credits.transfers f
            where num_nulls(f.owner_id, f.seq, f.ordinal, f.from_account, f.to_account, f.amount) > 0
                or f.seq not between 1 and {PositionMax}
                or f.amount not between 1 and {AmountMax}
            order by 1, 2
            limit {BookRules.FaultsMax}
            """;

    private static Sql Lots() =>
        $"""
            select coalesce(l.owner_id, {Nobody}), l.id / 256, 'a lot of ' || coalesce(l.remaining::text, 'nothing')
                || ' that was opened at ' || coalesce(l.opened_at::text, 'no instant') || ' until ' || coalesce(l.expires_at::text, 'for ever')
            from credits.lots l
            where num_nulls(l.owner_id, l.id, l.bucket, l.priority, l.remaining, l.held, l.opened_at) > 0
                or least(l.remaining, l.held) < 0
                or greatest(l.remaining, l.held) > {BalanceMax}
                or least(l.expires_at, l.opened_at) < timestamptz '0001-01-01 00:00:00+00'
                or greatest(l.expires_at, l.opened_at) >= timestamptz '10000-01-01 00:00:00+00'
            order by 1, 2
            limit {BookRules.FaultsMax}
            """;

    private static Sql Holds() =>
        $"""
            select coalesce(h.owner_id, {Nobody}), h.seq, 'a hold of ' || coalesce(h.amount::text, 'nothing')
                || ' from ' || coalesce(h.created_at::text, 'no instant') || ' until ' || coalesce(h.expires_at::text, 'no instant')
            from credits.holds h
            where num_nulls(h.owner_id, h.seq, h.id, h.kind, h.amount, h.app_id, h.reason, h.expires_at, h.created_at) > 0
                or h.amount not between 1 and {AmountMax}
                or least(h.expires_at, h.created_at) < timestamptz '0001-01-01 00:00:00+00'
                or greatest(h.expires_at, h.created_at) >= timestamptz '10000-01-01 00:00:00+00'
            order by 1, 2
            limit {BookRules.FaultsMax}
            """;

    private static Sql Sealed() =>
        $"""
            select {Seals}, s.number, 'a seal from ' || coalesce(s.sealed_at::text, 'no instant')
            from credits.seals s
            where num_nulls(
                    s.number, s.xid_from, s.xid_below, s.rows, s.leaves, s.root, s.entries, s.previous, s.sealed_at, s.key_id, s.signature,
                    s.head) > 0
                or s.sealed_at < timestamptz '0001-01-01 00:00:00+00'
                or s.sealed_at >= timestamptz '10000-01-01 00:00:00+00'
            order by 2
            limit {BookRules.FaultsMax}
            """;

    private static Sql Keys() =>
        $"""
            select {Seals}, null::bigint, 'the key ' || coalesce(k.id, 'without a name')
            from credits.seal_keys k
            where num_nulls(k.id, k.public_key, k.private_key) > 0
            order by 3
            limit {BookRules.FaultsMax}
            """;
}
