using System.Text.Json.Serialization;
using Mana.Ledger;
using Mana.Platform;
using Mana.Platform.Http;

namespace Mana.Credits.Internal;

public static class PostGrant
{
    public sealed record Request(
        string UserId,
        long Amount,
        string Reason,
        string ReferenceId,
        string? Description,
        bool IsFree,
        int? Priority,
        DateTimeOffset? ExpiresAt
    ) : IBody<Request>
    {
        public static bool RefusesUnknownMembers => true;

        public static Request Parse(Fields fields) =>
            new(
                fields.Text("userId", min: 1, max: 255),
                fields.Amount("amount"),
                fields.Text("reason", min: 1, max: 64),
                fields.Text("referenceId", min: 1, max: 128),
                fields.OptionalText("description", min: 1, max: 256),
                fields.OptionalFlag("free") ?? false,
                (int?)fields.OptionalWhole("priority", 0, Lot.PriorityMax),
                fields.OptionalInstant("expiresAt")
            );
    }

    public sealed record Response(
        bool Ok,
        bool AlreadyGranted,
        long NewBalance,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Guid? TransactionId
    );

    /// <summary>
    /// Gives credits once per <c>userId</c> and <c>referenceId</c>. They count as paid for unless <c>free</c>; with <c>expiresAt</c> they
    /// expire, and a lower <c>priority</c> (0 to 1,000) is spent earlier.
    /// </summary>
    public static async Task<Answer<Response>> Handle(Request request, Requester requester, GrantCredits grant, CancellationToken cancel)
    {
        var outcome = await grant.Run(
            new UserId(request.UserId),
            new Grant(
                request.Amount,
                CallingApp.Of(requester),
                request.Reason,
                request.ReferenceId,
                request.Description ?? request.Reason,
                request.IsFree ? Accounts.Free : Accounts.Paid,
                request.Priority,
                request.ExpiresAt
            ),
            cancel
        );

        return outcome.Then(granted => new Response(
            true,
            granted.IsRepeated,
            granted.Available,
            granted.IsRepeated ? null : granted.TransactionId
        ));
    }
}
