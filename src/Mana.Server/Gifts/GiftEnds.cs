using Mana.Ledger;
using Mana.Platform;

namespace Mana.Gifts;

/// <summary>How a gift that is no longer open is spoken of, in the words of the contract (3.7).</summary>
public static class GiftEnds
{
    /// <summary>For a gift that is not open: an end that is not posted yet can only be that its time is over.</summary>
    public static Refusal Refusal(Gift gift) =>
        gift.EndedAs switch
        {
            HoldEnds.Committed => Refusals.GiftEnded with { Message = "Gift already claimed" },
            HoldEnds.Released => Refusals.GiftEnded with { Message = "Gift code is cancelled" },
            _ => Refusals.GiftEnded with { Message = "Gift code expired" },
        };

    /// <summary>What is written down about a try that came too late.</summary>
    public static string Failure(Gift gift) =>
        gift.EndedAs switch
        {
            HoldEnds.Committed => Redemption.AlreadyClaimed,
            HoldEnds.Released => Redemption.Cancelled,
            _ => Redemption.Expired,
        };
}
