using Mana.Platform.Database;

namespace Mana.Ledger.Proofs;

/// <summary>What owners spent in apps, by day of UTC (ruling 18e).</summary>
public static class UsageStatistics
{
    /// <summary>Adds the rows of one seal; in that seal's transaction, and so exactly once. Fenced off like the leaves.</summary>
    public static Sql RollUp(long xidFrom, long xidBelow) =>
        $"""
            insert into credits.usage_stats (owner_id, day, app_id, used, refunded, uses)
            select t.owner_id, (t.created_at at time zone 'UTC')::date,
                substr(case when f.to_account like 'app:%' then f.to_account else f.from_account end, 5),
                coalesce(sum(f.amount) filter (where f.to_account like 'app:%'), 0),
                coalesce(sum(f.amount) filter (where f.from_account like 'app:%'), 0),
                count(distinct t.seq) filter (where f.to_account like 'app:%')
            from credits.transactions t
            cross join lateral (
                select m.from_account, m.to_account, m.amount
                from credits.transfers m
                where m.owner_id = t.owner_id and m.seq = t.seq and (m.to_account like 'app:%' or m.from_account like 'app:%')
                offset 0) f
            where t.xid >= {xidFrom} and t.xid < {xidBelow}
            group by 1, 2, 3
            on conflict on constraint usage_stats_pkey do update
            set used = usage_stats.used + excluded.used, refunded = usage_stats.refunded + excluded.refunded,
                uses = usage_stats.uses + excluded.uses
            """;
}
