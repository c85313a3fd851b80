using Mana.Platform.Database;

namespace Mana.Ledger.Proofs;

/// <summary>What owners spent in apps, by day of UTC (ruling 18e).</summary>
public static class UsageStatistics
{
    /// <summary>
    /// Adds the rows of one seal; in that seal's transaction, and so exactly once. Of transfers only those are looked up whose row can name an
    /// app: what was spent, committed or given back. Fenced off like the leaves.
    /// </summary>
    public static Sql RollUp(long xidFrom, long xidBelow) =>
        $"""
            insert into credits.usage_stats (owner_id, day, app_id, used, refunded, uses)
            select t.owner_id, (t.created_at at time zone 'UTC')::date, f.app_id, sum(f.used), sum(f.refunded),
                count(*) filter (where f.used > 0)
            from credits.transactions t
            cross join lateral (
                select substr(case when m.to_account like 'app:%' then m.to_account else m.from_account end, 5) as app_id,
                    coalesce(sum(m.amount) filter (where m.to_account like 'app:%'), 0) as used,
                    coalesce(sum(m.amount) filter (where m.from_account like 'app:%'), 0) as refunded
                from credits.transfers m
                where m.owner_id = t.owner_id and m.seq = t.seq and (m.to_account like 'app:%' or m.from_account like 'app:%')
                group by 1
                offset 0) f
            where t.xid >= {xidFrom} and t.xid < {xidBelow} and t.type in ('usage', 'refund') and t.status = 'completed'
            group by 1, 2, 3
            on conflict on constraint usage_stats_pkey do update
            set used = usage_stats.used + excluded.used, refunded = usage_stats.refunded + excluded.refunded,
                uses = usage_stats.uses + excluded.uses
            """;
}
