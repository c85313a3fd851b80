using System.Globalization;
using System.Text.Json.Serialization;
using Mana.Ledger;
using Mana.Platform;
using Mana.Platform.Database;
using Mana.Platform.Http;
using Npgsql;

namespace Mana.Credits.V1;

public static class GetUsage
{
    private const int DaysMax = 366;

    private const int DaysDefault = 30;

    /// <summary>Rows that are answered: a group is an app or a day.</summary>
    private const int GroupsMax = 1_000;

    /// <summary>Rows that no seal covers yet; there are as many as are posted in a second. Beyond them sealing has stopped.</summary>
    private const int UnsealedMax = 100_000;

    private const string Day = "yyyy-MM-dd";

    private static readonly Scope Summing = Scope.Service("sum up somebody's usage");

    public sealed record Response(
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? AppId,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Date,
        long CreditsUsed,
        long CreditsRefunded,
        long Uses
    );

    /// <summary>
    /// What the caller spent, by app (<c>groupBy=app</c>, the default, most first) or by day of UTC (<c>groupBy=day</c>, newest first).
    /// <c>from</c> and <c>to</c> are days, both included; without them the last 30. What was refunded stands beside what was used.
    /// </summary>
    public static async Task<Answer<Response[]>> Handle(
        HttpContext http,
        Caller caller,
        Db db,
        TimeProvider clock,
        CancellationToken cancel
    )
    {
        var query = http.Request.Query;
        var today = DateOnly.FromDateTime(clock.Now().UtcDateTime);
        if (Parse(query["to"], today) is not { } to || Parse(query["from"], Earliest(to)) is not { } from)
        {
            return Invalid("from, to: must be days such as 2026-01-31");
        }

        if (from > to || to.DayNumber - from.DayNumber >= DaysMax)
        {
            return Invalid($"from, to: must span 1 to {DaysMax} days");
        }

        var groupBy = query["groupBy"].ToString();
        if (groupBy is not ("" or "app" or "day"))
        {
            return Invalid("groupBy: must be app or day");
        }

        var owner = new OwnerId(caller.UserId.Value);
        var byDay = groupBy == "day";
        var groups = await db.Look(Summing, tx => Sum(tx, owner, from, to, byDay), cancel);
        if (groups.IsRefused)
        {
            return groups.Refusal!;
        }

        return groups
            .Value.Select(group => new Response(
                byDay ? null : group.Name,
                byDay ? group.Name : null,
                group.Used,
                group.Refunded,
                group.Uses
            ))
            .ToArray();
    }

    /// <returns>A refusal where more rows are not sealed than can be looked through: too small a sum would be a wrong answer.</returns>
    private static async Task<Outcome<List<Group>>> Sum(Tx tx, OwnerId owner, DateOnly from, DateOnly to, bool byDay)
    {
        var sealedBelow = await tx.Value<long>($"select coalesce(max(xid_below), 0) from credits.seals");

        var (beyond, groups) = await tx.All<One<long>, Group>(
            $"select xid from credits.transactions where xid >= {sealedBelow} order by xid offset {UnsealedMax} limit 1",
            $"""
            with used as (
                select day, app_id, used, refunded, uses from credits.usage_stats where owner_id = {owner}
                union all
                select (t.created_at at time zone 'UTC')::date,
                    substr(case when f.to_account like 'app:%' then f.to_account else f.from_account end, 5),
                    coalesce(sum(f.amount) filter (where f.to_account like 'app:%'), 0),
                    coalesce(sum(f.amount) filter (where f.from_account like 'app:%'), 0),
                    count(distinct t.seq) filter (where f.to_account like 'app:%')
                from (
                    select n.owner_id, n.seq, n.created_at from credits.transactions n
                    where n.xid >= {sealedBelow}
                    order by n.xid
                    limit {UnsealedMax}
                ) t
                cross join lateral (
                    select m.from_account, m.to_account, m.amount
                    from credits.transfers m
                    where m.owner_id = t.owner_id and m.seq = t.seq and (m.to_account like 'app:%' or m.from_account like 'app:%')
                    offset 0) f
                where t.owner_id = {owner}
                group by 1, 2
            )
            select case when {byDay} then to_char(day, 'YYYY-MM-DD') else app_id end, sum(used)::bigint, sum(refunded)::bigint,
                sum(uses)::bigint
            from used
            where day between {from.ToString(Day, CultureInfo.InvariantCulture)}::date and {to.ToString(
                Day,
                CultureInfo.InvariantCulture
            )}::date
            group by 1
            order by case when {byDay} then 0 else sum(used) end desc, 1 desc
            limit {GroupsMax}
            """
        );

        return beyond.Count == 0 ? groups : Refusals.Busy;
    }

    /// <summary>Where the days begin that are shown without <c>from</c>; null when the calendar has not so many.</summary>
    private static DateOnly? Earliest(DateOnly to) => to.DayNumber < DaysDefault - 1 ? null : to.AddDays(1 - DaysDefault);

    private static DateOnly? Parse(string? text, DateOnly? fallback) =>
        string.IsNullOrEmpty(text) ? fallback
        : DateOnly.TryParseExact(text, Day, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day
        : null;

    private static Refusal Invalid(string issue) => Refusals.Validation with { Message = issue, Errors = [issue] };

    private sealed record Group(string Name, long Used, long Refunded, long Uses) : IRow<Group>
    {
        public static Group Read(NpgsqlDataReader row) => new(row.GetString(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3));
    }
}
