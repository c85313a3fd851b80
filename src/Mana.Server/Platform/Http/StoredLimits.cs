using Mana.Platform.Database;
using Npgsql;

namespace Mana.Platform.Http;

/// <summary>Counts in the database, for all instances together. A database that cannot be asked lets nobody through.</summary>
public sealed class StoredLimits(Db db)
{
    private static readonly Scope Counting = Scope.Service("count requests against a limit");

    /// <returns>The window this request fell into, whether it was let through or not.</returns>
    public async Task<StoredWindow> Take(string key, LimitRule rule, DateTimeOffset now, CancellationToken cancel)
    {
        var taken = await db.Transact<StoredWindow>(
            Counting,
            async tx => await tx.Find<StoredWindow>(Take(key, rule, now)) ?? new StoredWindow(false, rule.Max, now),
            cancel
        );

        return taken.Value.IsAllowed ? taken.Value : Full(taken.Value, rule, now);
    }

    /// <summary>
    /// Decides by one statement. A row that is full stays as it is, so that requests which are refused do not prolong the wait (wire 6.2).
    /// Answers a <see cref="StoredWindow"/>, or nothing when others have filled the window since the statement began.
    /// </summary>
    public static Sql Take(string key, LimitRule rule, DateTimeOffset now) =>
        $"""
            with taken as (
                insert into auth.rate_limits as r (key, count, since, expires_at)
                values ({key}, 1, {now}, {now + rule.Window})
                on conflict (key) do update
                set count = case when r.since <= {now - rule.Window} then 1 else r.count + 1 end,
                    since = case when r.since <= {now - rule.Window} or {rule.RestartsAtLast} then excluded.since else r.since end,
                    expires_at = case
                        when r.since <= {now - rule.Window} or {rule.RestartsAtLast} then excluded.expires_at
                        else r.expires_at
                    end
                where r.since <= {now - rule.Window} or r.count < {rule.Max}
                returning count, since
            )
            select true, count, since
            from taken
            union all
            select false, count, since
            from auth.rate_limits
            where key = {key} and not exists (select 1 from taken)
            """;

    /// <summary>A full window is read as it was when the statement began; others may have filled it up, or begun it, since then.</summary>
    private static StoredWindow Full(StoredWindow read, LimitRule rule, DateTimeOffset now) =>
        new(false, rule.Max, read.Since > now - rule.Window ? read.Since : now);
}

/// <summary>A window as the database has it.</summary>
public sealed record StoredWindow(bool IsAllowed, int Count, DateTimeOffset Since) : IRow<StoredWindow>
{
    public static StoredWindow Read(NpgsqlDataReader row) => new(row.GetBoolean(0), row.GetInt32(1), row.GetFieldValue<DateTimeOffset>(2));
}
