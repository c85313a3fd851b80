using Mana.Platform.Http;

namespace Mana.Credits.V1;

public static class GetBalance
{
    public sealed record Response(
        long Balance,
        long FreeCreditsRemaining,
        long TotalEarned,
        long TotalSpent,
        long DailyFreeCredits,
        DateTimeOffset? NextDailyGrantAt
    );

    /// <summary>The caller's credits: <c>balance</c> is what was paid for, free credits stand beside it and are spent first.</summary>
    public static async Task<Answer<Response>> Handle(Caller caller, ReadBalance balance, CreditSettings settings, CancellationToken cancel)
    {
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
}
