using Mana.Platform.Http;

namespace Mana.Gifts.V1;

public static class DeleteGift
{
    public sealed record Response(bool Success, long RefundedCredits);

    /// <summary>Takes back a gift of the caller's that nobody has taken. Somebody else's, an unknown one and what is no id are the same 404.</summary>
    public static async Task<Answer<Response>> Handle(string id, Caller caller, CancelGift cancelGift, CancellationToken cancel)
    {
        if (!Guid.TryParse(id, out var giftId))
        {
            return Refusals.GiftNotFound;
        }

        var outcome = await cancelGift.Run(caller.UserId, giftId, cancel);

        return outcome.Then(refunded => new Response(true, refunded));
    }
}
