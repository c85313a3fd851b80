using System.Text.Json.Serialization;
using Mana.Ledger;
using Mana.Platform.Http;

namespace Mana.Credits.V1;

public static class GetBalance
{
    /// <param name="AsOf">The instant of the past that was asked for.</param>
    public sealed record Response(
        long Balance,
        long FreeCreditsRemaining,
        long TotalEarned,
        long TotalSpent,
        long DailyFreeCredits,
        DateTimeOffset? NextDailyGrantAt,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] DateTimeOffset? AsOf = null
    );

    /// <summary>
    /// The caller's credits: <c>balance</c> is what was paid for, free credits stand beside it and are spent first. With <c>at</c>, an
    /// instant of the past, what there was then.
    /// </summary>
    public static async Task<Answer<Response>> Handle(
        HttpRequest request,
        Caller caller,
        ReadBalance balance,
        ReadPastBalance past,
        CreditSettings settings,
        CancellationToken cancel
    )
    {
        if (request.QueryString.HasValue && new Asked(request.Query) is var asked && asked.Has("at"))
        {
            var at = asked.Instant("at");

            return asked.Wrong is { } wrong ? wrong : (await past.Run(caller.UserId, at, cancel)).Then(then => Then(then, at, settings));
        }

        var outcome = await balance.Run(caller.UserId, cancel);

        return outcome.Then(account => new Response(
            account.Paid,
            account.Free,
            account.Earned,
            account.Spent,
            settings.DailyFree,
            settings.DailyFree == 0 ? null : account.NextDailyAt
        ));
    }

    private static Response Then(PastBalance then, DateTimeOffset at, CreditSettings settings) =>
        new(then.Paid, then.Free, then.Earned, then.Spent, settings.DailyFree, null, at);
}
