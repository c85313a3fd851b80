using System.Text.Json.Serialization;
using Mana.Platform;
using Mana.Platform.Http;

namespace Mana.Credits.Internal;

public static class PostRefund
{
    public sealed record Request(
        string UserId,
        long Amount,
        Guid TransactionId,
        string Description,
        string? AppId,
        string? IdempotencyKey,
        string? Metadata
    ) : IBody<Request>
    {
        public static bool RefusesUnknownMembers => true;

        public static Request Parse(Fields fields) =>
            new(
                fields.Text("userId", min: 1, max: 255),
                fields.Amount("amount"),
                fields.Id("transactionId"),
                fields.Text("description", min: 1, max: 1000),
                fields.OptionalText("appId", min: 1, max: 255),
                fields.OptionalText("idempotencyKey", min: 1, max: 255),
                fields.OptionalObject("metadata")
            );
    }

    public sealed record Response(
        bool Success,
        CreditTransaction Transaction,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] NewBalance? NewBalance,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Message
    );

    public sealed record NewBalance(long Balance, long FreeCreditsRemaining, long TotalSpent);

    /// <summary>
    /// Gives back what a spending took, in part or whole, to where it came from. <c>transactionId</c> names the spending; goodwill without one
    /// is a grant.
    /// </summary>
    public static async Task<Answer<Response>> Handle(Request request, RefundCredits refund, CancellationToken cancel)
    {
        var outcome = await refund.Run(
            new UserId(request.UserId),
            new Refund(
                request.Amount,
                request.TransactionId,
                request.AppId ?? "system",
                request.Description,
                request.IdempotencyKey,
                request.Metadata
            ),
            cancel
        );
        if (outcome.IsRefused)
        {
            return outcome.Refusal!;
        }

        var transaction = CreditTransaction.Of(outcome.Value.Transaction);
        if (outcome.Value.Account is { } account)
        {
            return new Response(true, transaction, new NewBalance(account.Paid, account.Free, account.Spent), null);
        }

        Answer<Response> replay = new Response(true, transaction, null, "Transaction already processed");
        return replay.With("Idempotency-Hit", "true");
    }
}
