using System.Text.Json.Serialization;
using Mana.Platform;
using Mana.Platform.Http;

namespace Mana.Credits.Internal;

public static class PostUse
{
    public sealed record Request(string UserId, long Amount, string? AppId, string Description, string? IdempotencyKey, string? Metadata)
        : IBody<Request>
    {
        public static bool RefusesUnknownMembers => true;

        public static Request Parse(Fields fields) =>
            new(
                fields.Text("userId", min: 1, max: 255),
                fields.Amount("amount"),
                fields.OptionalText("appId", min: 1, max: 255),
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

    /// <summary>Spends a person's credits for another service; <c>appId</c> defaults to <c>X-App-Id</c>.</summary>
    public static async Task<Answer<Response>> Handle(Request request, Requester requester, SpendCredits spend)
    {
        var spending = new Spending(
            request.Amount,
            request.AppId ?? CallingApp.Of(requester),
            request.Description,
            request.IdempotencyKey,
            request.Metadata
        );
        var outcome = await spend.Run(new UserId(request.UserId), spending);
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
