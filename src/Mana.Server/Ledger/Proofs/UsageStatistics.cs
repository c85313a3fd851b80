using Mana.Platform.Database;

namespace Mana.Ledger.Proofs;

/// <summary>What owners spent in apps, by day of UTC (ruling 18e).</summary>
public static class UsageStatistics
{
    /// <summary>Adds the rows of one seal; in that seal's transaction, and so exactly once.</summary>
    public static Sql RollUp(long xidFrom, long xidBelow) =>
        $"""
            insert into credits.usage_stats (owner_id, day, app_id, used, refunded, uses)
            select t.owner_id, (t.created_at at time zone 'UTC')::date,
                substr(case when f.to_account like 'app:%' then f.to_account else f.from_account end, 5),
                coalesce(sum(f.amount) filter (where f.to_account like 'app:%'), 0),
                coalesce(sum(f.amount) filter (where f.from_account like 'app:%'), 0),
                count(distinct t.seq) filter (where f.to_account like 'app:%')
            from credits.transactions t
            join credits.transfers f on f.owner_id = t.owner_id and f.seq = t.seq
            where t.xid >= {xidFrom} and t.xid < {xidBelow} and (f.to_account like 'app:%' or f.from_account like 'app:%')
            group by 1, 2, 3
            on conflict on constraint usage_stats_pkey do update
            set used = usage_stats.used + excluded.used, refunded = usage_stats.refunded + excluded.refunded,
                uses = usage_stats.uses + excluded.uses
            """;
}
