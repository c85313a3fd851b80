using Mana.Platform;
using Mana.Platform.Http;

namespace Mana.Credits.Internal;

public static class PostInit
{
    public sealed record Request(string UserId) : IBody<Request>
    {
        public static bool RefusesUnknownMembers => true;

        public static Request Parse(Fields fields) => new(fields.Text("userId", min: 1, max: 255));
    }

    public sealed record Response(long Balance, long FreeCreditsRemaining, long TotalEarned, long TotalSpent, long DailyFreeCredits);

    /// <summary>Opens a person's account with the opening grant; once it is open, it answers the balance.</summary>
    public static async Task<Answer<Response>> Handle(
        Request request,
        ReadBalance balance,
        CreditSettings settings,
        CancellationToken cancel
    )
    {
        var outcome = await balance.Run(new UserId(request.UserId), cancel);

        return outcome.Then(account => new Response(account.Paid, account.Free, account.Earned, account.Spent, settings.DailyFree));
    }
}
