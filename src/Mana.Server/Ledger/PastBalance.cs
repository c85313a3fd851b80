using Mana.Platform.Database;
using Npgsql;

namespace Mana.Ledger;

/// <summary>What an owner held after one of their positions.</summary>
/// <param name="Seq">The newest position of that time; 0 before the first.</param>
public sealed record PastBalance(long Free, long Paid, long Held, long Earned, long Spent, long Seq) : IRow<PastBalance>
{
    public static PastBalance Read(NpgsqlDataReader row) =>
        new(row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3), row.GetInt64(4), row.GetInt64(5));

    /// <summary>
    /// After the newest position made at the instant or before. Positions are taken whole and in their order, so that the answer is a state
    /// that was there, also where the clocks of two instances differ. What has happened since is taken back from what there is now: one
    /// statement, one instant, and it costs as much as has happened since.
    /// </summary>
    public static Sql At(OwnerId owner, DateTimeOffset instant) =>
        $"""
            with newest as (
                select coalesce((
                    select t.seq
                    from credits.transactions t
                    where t.owner_id = {owner} and t.created_at <= {instant}
                    order by t.seq desc
                    limit 1), 0) as seq
            ), since as (
                select
                    coalesce(sum(f.amount) filter (where f.to_account = 'free'), 0)
                        - coalesce(sum(f.amount) filter (where f.from_account = 'free'), 0) as free,
                    coalesce(sum(f.amount) filter (where f.to_account = 'paid'), 0)
                        - coalesce(sum(f.amount) filter (where f.from_account = 'paid'), 0) as paid,
                    coalesce(sum(f.amount) filter (where f.to_account = 'held'), 0)
                        - coalesce(sum(f.amount) filter (where f.from_account = 'held'), 0) as held,
                    coalesce(sum(f.amount) filter (where f.to_account = 'paid' and f.from_account not in ('free', 'held')), 0) as earned,
                    coalesce(sum(f.amount) filter (where f.to_account = 'transit' or f.to_account like 'app:%'), 0) as spent
                from credits.transfers f
                where f.owner_id = {owner} and f.seq > (select n.seq from newest n)
            )
            select (a.free - s.free)::bigint, (a.paid - s.paid)::bigint, (a.held - s.held)::bigint, (a.earned - s.earned)::bigint,
                (a.spent - s.spent)::bigint, n.seq
            from credits.accounts a
            cross join newest n
            cross join since s
            where a.owner_id = {owner}
            """;
}
