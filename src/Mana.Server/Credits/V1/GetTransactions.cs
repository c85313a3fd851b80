using System.Globalization;
using Mana.Ledger;
using Mana.Platform;
using Mana.Platform.Database;
using Mana.Platform.Http;

namespace Mana.Credits.V1;

public static class GetTransactions
{
    private const int LimitMax = 200;

    private const int LimitDefault = 50;

    /// <summary>Deeper pages are asked for with <c>before</c>: an offset is counted through row by row (ruling 18e).</summary>
    private const int OffsetMax = 1_000;

    /// <summary>
    /// The caller's history, newest first. <c>limit</c> 1 to 200; <c>offset</c> up to 1,000 or <c>before</c>, the id of the last row seen;
    /// <c>type</c> and <c>appId</c> narrow it. <c>X-Total-Count</c> is sent when nothing narrows it.
    /// </summary>
    public static async Task<Answer<CreditTransaction[]>> Handle(HttpContext http, Caller caller, Db db, CancellationToken cancel)
    {
        var query = http.Request.Query;
        if (Whole(query["limit"], LimitDefault, 1, LimitMax) is not { } limit)
        {
            return Invalid($"limit: must be a whole number between 1 and {LimitMax}");
        }

        if (Whole(query["offset"], 0, 0, OffsetMax) is not { } offset)
        {
            return Invalid($"offset: must be a whole number between 0 and {OffsetMax}; use before for deeper pages");
        }

        if (!Guid.TryParse(query["before"].ToString(), out var before) && query["before"].Count > 0)
        {
            return Invalid("before: must be the id of a transaction");
        }

        var (type, appId) = (Filter(query["type"]), Filter(query["appId"]));
        var (page, total) = (await Page(caller, db, limit, offset, query["before"].Count > 0 ? before : null, type, appId, cancel), 0L);
        Answer<CreditTransaction[]> answer = page.Select(CreditTransaction.Of).ToArray();
        if (type is not null || appId is not null)
        {
            return answer;
        }

        // Positions have no gaps, so the newest one's number is how many there are.
        var newest = await db.Find<One<long>>(
            Scope.User(caller.UserId.Value),
            $"select version from credits.accounts where owner_id = {caller.UserId}",
            cancel
        );
        total = newest?.Value ?? 0;

        return answer.With("X-Total-Count", total.ToString(CultureInfo.InvariantCulture));
    }

    private static Task<List<LedgerTransaction>> Page(
        Caller caller,
        Db db,
        int limit,
        int offset,
        Guid? before,
        string? type,
        string? appId,
        CancellationToken cancel
    ) =>
        db.All<LedgerTransaction>(
            Scope.User(caller.UserId.Value),
            $"""
            select owner_id, seq, id, type::text, status::text, amount, balance_before, balance_after, app_id, description,
                organization_id, metadata::text, idempotency_key, fingerprint, created_at, completed_at
            from credits.transactions
            where owner_id = {caller.UserId}
                and seq < coalesce(
                    (select b.seq from credits.transactions b where b.owner_id = {caller.UserId} and b.id = {before ?? Guid.Empty}),
                    {(before is null ? long.MaxValue : 0)})
                and ({type}::text is null or type::text = {type})
                and ({appId}::text is null or app_id = {appId})
            order by seq desc
            limit {limit} offset {offset}
            """,
            cancel
        );

    private static string? Filter(string? text) => string.IsNullOrEmpty(text) ? null : text;

    private static int? Whole(string? text, int fallback, int min, int max)
    {
        if (string.IsNullOrEmpty(text))
        {
            return fallback;
        }

        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max
            ? number
            : null;
    }

    private static Refusal Invalid(string issue) => Refusals.Validation with { Message = issue, Errors = [issue] };
}
