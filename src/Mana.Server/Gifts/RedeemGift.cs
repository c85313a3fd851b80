using Mana.Credits;
using Mana.Ledger;
using Mana.Platform;
using Mana.Platform.Database;
using Mana.Users;

namespace Mana.Gifts;

/// <param name="Account">After the gift; null for a replay, which moves nothing.</param>
public sealed record GiftTaken(Gift Gift, LedgerTransaction Transaction, LedgerAccount? Account);

/// <summary>
/// Takes a gift by its code, once: the giver's hold ends and the credits arrive in one transaction, under the locks of both. Who has taken it
/// and asks again is told the same; everybody else is refused. A try that fails is written down where the refusal does not roll it back.
/// </summary>
public sealed class RedeemGift(Db db, PersonalLedger ledger, GiftCodes codes, TimeProvider clock)
{
    private static readonly Scope Taking = Scope.Service("take a gift");

    public async Task<Outcome<GiftTaken>> Run(UserId redeemerId, string code, CancellationToken cancel)
    {
        if (await db.Find<Gift>(Taking, Gift.ByCode(codes.Hashes(code)), cancel) is not { } gift)
        {
            return Refusals.GiftNotFound;
        }

        // Who has taken it may have changed their address since, and gets the answer that was lost.
        if (await Stranger(gift, redeemerId, cancel) is { } wrongUser && !await HasTaken(gift, redeemerId, cancel))
        {
            await Write(gift, redeemerId, Redemption.WrongUser, cancel);
            return wrongUser;
        }

        var opened = await ledger.Open(Taking, redeemerId, cancel);
        if (opened.IsRefused)
        {
            return opened.Refusal!;
        }

        Gift? late = null;
        var taken = await ledger.MoveBetween<GiftTaken>(
            Taking,
            (new OwnerId(gift.CreatorId.Value), new OwnerId(redeemerId.Value)),
            Refusals.GiftNotFound,
            async (giver, receiver) =>
            {
                late = null; // the transaction may be run again
                if (giver.Draft.Holdings.Holds.FirstOrDefault(each => each.Id == gift.Id) is { } hold)
                {
                    return await Take(gift, redeemerId, hold, giver, receiver);
                }

                if (await receiver.Posted(IdempotencyKeys.OfGift(gift.Id)) is { } earlier)
                {
                    return Say.Now(new GiftTaken(gift, earlier, null));
                }

                late = await giver.Tx.Find<Gift>(Gift.ById(gift.CreatorId, gift.Id));
                return GiftEnds.Refusal(late!);
            },
            cancel
        );
        if (late is not null)
        {
            await Write(late, redeemerId, GiftEnds.Failure(late), cancel);
        }

        return taken;
    }

    /// <returns>Why this person may not take this gift; null when they may.</returns>
    private async Task<Refusal?> Stranger(Gift gift, UserId redeemerId, CancellationToken cancel)
    {
        if (gift.CreatorId == redeemerId)
        {
            return Refusals.OwnGift;
        }

        if (gift.TargetEmail is null)
        {
            return null;
        }

        var person = await db.Find<User>(Taking, User.ById(redeemerId), cancel);
        if (person is null || person.Email != gift.TargetEmail)
        {
            return Refusals.GiftForSomebodyElse;
        }

        return person.IsEmailVerified ? null : Refusals.EmailNotVerified;
    }

    private async Task<bool> HasTaken(Gift gift, UserId redeemerId, CancellationToken cancel) =>
        await db.Find<LedgerTransaction>(Taking, Books.Posted([redeemerId.Value], [IdempotencyKeys.OfGift(gift.Id)]), cancel) is not null;

    private static async Task<Outcome<Saying<GiftTaken>>> Take(Gift gift, UserId redeemerId, Hold hold, Decision giver, Decision receiver)
    {
        var (about, amount) = (HoldEntries.OfGift(gift.Id), hold.Amount);
        giver.Add(
            giver.Draft.Holdings.End(hold, HoldEnds.Committed, amount, Accounts.Transit),
            new Entry("gift", Gift.App, $"Gift code redeemed: {amount} credits", about)
        );
        var arrived = receiver.Draft.Holdings.Receive(Accounts.Paid, Accounts.Transit, amount);
        var terms = new Terms("gift", receiver.Owner, amount, Gift.App);
        var entry = new Entry(
            "gift",
            Gift.App,
            $"Gift received: {amount} credits",
            about,
            IdempotencyKeys.OfGift(gift.Id),
            terms.Fingerprint()
        );
        var place = receiver.Add(arrived, entry);
        await receiver.Tx.Run(Redemption.Insert(redeemerId, gift, receiver.Draft.Postings[place].Id, receiver.Now));

        return Say.Later(rows => new GiftTaken(gift, rows[place], arrived.After.Account));
    }

    private Task<int> Write(Gift gift, UserId redeemerId, string failure, CancellationToken cancel) =>
        db.Run(Taking, Redemption.Fail(redeemerId, gift, failure, clock.Now()), cancel);
}
