using System.Text.Json.Serialization;
using Mana.Platform.Http;

namespace Mana.Credits.V1;

public static class PostUse
{
    public sealed record Request(long Amount, string AppId, string Description, string? IdempotencyKey, string? Metadata) : IBody<Request>
    {
        public static bool RefusesUnknownMembers => true;

        public static Request Parse(Fields fields) =>
            new(
                fields.Amount("amount"),
                fields.Text("appId", min: 1, max: 255),
                fields.Text("description", min: 1, max: 1000),
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
    /// Spends the caller's credits. The same idempotency key with the same terms charges once and answers the same transaction.
    /// </summary>
    public static async Task<Answer<Response>> Handle(Request request, Caller caller, SpendCredits spend)
    {
        var spending = new Spending(request.Amount, request.AppId, request.Description, request.IdempotencyKey, request.Metadata);
        var outcome = await spend.Run(caller.UserId, spending);
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
