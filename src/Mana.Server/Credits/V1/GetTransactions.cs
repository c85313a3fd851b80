using System.Globalization;
using Mana.Ledger;
using Mana.Platform.Database;
using Mana.Platform.Http;

namespace Mana.Credits.V1;

public static class GetTransactions
{
    /// <summary>Deeper pages are asked for with <c>before</c>: an offset is counted through row by row (ruling 18e).</summary>
    private const int OffsetMax = 1_000;

    /// <summary>
    /// The caller's history, newest first. <c>limit</c> 1 to 200; <c>offset</c> up to 1,000 or <c>before</c>, the id of the last row seen;
    /// <c>type</c> and <c>appId</c> narrow it. <c>X-Total-Count</c> is sent when nothing narrows it.
    /// </summary>
    public static async Task<Answer<CreditTransaction[]>> Handle(
        HttpRequest request,
        Caller caller,
        ReadBalance balance,
        Db db,
        CancellationToken cancel
    )
    {
        var asked = new Asked(request.Query);
        var (limit, offset) = (asked.Limit(), asked.Whole("offset", 0, 0, OffsetMax, "; use before for deeper pages"));
        var (before, type, appId) = (asked.Id("before"), asked.Word("type"), asked.Word("appId"));
        if (asked.Wrong is { } wrong)
        {
            return wrong;
        }

        // What is due is posted first (ruling 18b), so that the history ends where the balance does.
        var settled = await balance.Run(caller.UserId, cancel);
        if (settled.IsRefused)
        {
            return settled.Refusal!;
        }

        var page = await Page(caller, db, limit, offset, before, type, appId, cancel);
        Answer<CreditTransaction[]> answer = page.Select(CreditTransaction.Of).ToArray();
        if (type is not null || appId is not null)
        {
            return answer;
        }

        // Positions have no gaps, so the newest one's number is how many there are.
        return answer.With("X-Total-Count", settled.Value.Version.ToString(CultureInfo.InvariantCulture));
    }

    // The bound is a query of its own: under row-level security an index is not asked with an expression that might leak, COALESCE counts as
    // one, and the whole history down to the page would be read.
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
                and seq < (select coalesce(
                    (select b.seq from credits.transactions b where b.owner_id = {caller.UserId} and b.id = {before ?? Guid.Empty}),
                    {(before is null ? long.MaxValue : 0)}))
                and ({type}::text is null or type::text = {type})
                and ({appId}::text is null or app_id = {appId})
            order by seq desc
            limit {limit} offset {offset}
            """,
            cancel
        );
}
