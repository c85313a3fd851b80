using System.Text.Json.Serialization;
using Mana.Credits;
using Mana.Platform.Http;

namespace Mana.Gifts.V1;

public static class PostRedeem
{
    public sealed record Response(
        bool Success,
        long CreditsReceived,
        string? Message,
        CreditTransaction Transaction,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] NewBalance? NewBalance
    );

    public sealed record NewBalance(long Balance, long FreeCreditsRemaining, long TotalEarned);

    /// <summary>
    /// Takes a gift by its code. Whoever has taken it and asks again is told the same, with <c>Idempotency-Hit</c>; everybody else is refused.
    /// </summary>
    public static async Task<Answer<Response>> Handle(string code, Caller caller, RedeemGift redeem, CancellationToken cancel)
    {
        var outcome = await redeem.Run(caller.UserId, code, cancel);
        if (outcome.IsRefused)
        {
            return outcome.Refusal!;
        }

        var taken = outcome.Value;
        var balance = taken.Account is { } account ? new NewBalance(account.Paid, account.Free, account.Earned) : null;
        Answer<Response> answer = new Response(
            true,
            taken.Transaction.Amount,
            taken.Gift.Message,
            CreditTransaction.Of(taken.Transaction),
            balance
        );

        return balance is null ? answer.With("Idempotency-Hit", "true") : answer;
    }
}
