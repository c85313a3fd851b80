using Mana.Platform;
using Mana.Platform.Http;

namespace Mana.Credits.Internal;

public static class GetBalance
{
    public sealed record Response(
        long Balance,
        long FreeCreditsRemaining,
        long TotalEarned,
        long TotalSpent,
        long DailyFreeCredits,
        long TransactionsCount
    );

    /// <summary>A person's credits, for another service.</summary>
    public static async Task<Answer<Response>> Handle(string userId, ReadBalance balance, CreditSettings settings, CancellationToken cancel)
    {
        var outcome = await balance.Run(new UserId(userId), cancel);

        return outcome.Then(account => new Response(
            account.Paid,
            account.Free,
            account.Earned,
            account.Spent,
            settings.DailyFree,
            account.Version
        ));
    }
}
