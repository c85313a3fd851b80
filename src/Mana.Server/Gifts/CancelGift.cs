using Mana.Credits;
using Mana.Ledger;
using Mana.Platform;
using Mana.Platform.Database;

namespace Mana.Gifts;

/// <summary>Takes a gift back that nobody has taken. Cancelling twice succeeds twice and gives the credits back once.</summary>
public sealed class CancelGift(Db db, PersonalLedger ledger)
{
    private static readonly Scope Cancelling = Scope.Service("take a gift back");

    /// <returns>How many credits came back.</returns>
    public async Task<Outcome<long>> Run(UserId creatorId, Guid id, CancellationToken cancel)
    {
        if (await db.Find<Gift>(Cancelling, Gift.ById(creatorId, id), cancel) is null)
        {
            return Refusals.GiftNotFound;
        }

        return await ledger.Move<long>(
            Cancelling,
            creatorId,
            async decision =>
            {
                if (decision.Draft.Holdings.Holds.FirstOrDefault(each => each.Id == id) is not { } hold)
                {
                    var gift = (await decision.Tx.Find<Gift>(Gift.ById(creatorId, id)))!;
                    return gift.EndedAs == HoldEnds.Released ? Say.Now(gift.Amount) : GiftEnds.Refusal(gift);
                }

                decision.Add(decision.Draft.Holdings.End(hold, HoldEnds.Released), HoldEntries.Released(hold));
                return Say.Now(hold.Amount);
            },
            cancel
        );
    }
}
