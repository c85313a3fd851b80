using Mana.Credits;
using Mana.Ledger;
using Mana.Platform;
using Mana.Platform.Database;

namespace Mana.Gifts;

/// <param name="TargetEmail">In lower case; null for a gift anybody may take.</param>
public sealed record NewGift(long Amount, string? TargetEmail, string? Message, DateTimeOffset? ExpiresAt, string? IdempotencyKey);

/// <param name="Code">Null only for a replay long after, when the secret it was made of is gone.</param>
public sealed record GiftMade(Gift Gift, string? Code, bool IsRepeated);

/// <summary>
/// Sets credits aside for whoever has the code. They leave the giver now, arrive once, and come back by themselves when nobody takes them.
/// </summary>
public sealed class CreateGift(PersonalLedger ledger, GiftCodes codes)
{
    private static readonly Scope Giving = Scope.Service("set credits aside as a gift");

    public Task<Outcome<GiftMade>> Run(UserId creatorId, NewGift wanted, CancellationToken cancel)
    {
        if (IdempotencyKeys.Check(wanted.IdempotencyKey) is { } reserved)
        {
            return Task.FromResult<Outcome<GiftMade>>(reserved);
        }

        var fingerprint = wanted.IdempotencyKey is null
            ? null
            : new Terms("gift", new OwnerId(creatorId.Value), wanted.Amount, Gift.App).Fingerprint();

        return ledger.Move<GiftMade>(
            Giving,
            creatorId,
            async decision =>
            {
                if (await decision.Posted(wanted.IdempotencyKey) is not { } earlier)
                {
                    return await Decide(decision, creatorId, wanted, fingerprint);
                }

                return IdempotencyKeys.IsSame(earlier, fingerprint)
                    ? await Repeat(decision, creatorId, wanted, earlier)
                    : Refusals.IdempotencyKeyMismatch;
            },
            cancel
        );
    }

    private async Task<Outcome<Saying<GiftMade>>> Decide(Decision decision, UserId creatorId, NewGift wanted, byte[]? fingerprint)
    {
        var expiresAt = wanted.ExpiresAt ?? decision.Now + Gift.LifeDefault;
        if (expiresAt <= decision.Now)
        {
            return Refusals.ExpiryPassed;
        }

        if (expiresAt > decision.Now + Gift.LifeMax)
        {
            return Refusals.GiftLivesTooLong;
        }

        var holdings = decision.Draft.Holdings;
        if (holdings.Holds.Length >= Hold.OpenMax || holdings.Holds.Count(each => each.Kind == HoldKinds.Gift) >= Gift.OpenMax)
        {
            return Refusals.TooManyGifts;
        }

        var id = Ids.Uuid(decision.Now);
        var hold = Hold.New(id, HoldKinds.Gift, Gift.App, "gift", expiresAt, decision.Now);
        if (holdings.Reserve(hold, wanted.Amount) is not { } movement)
        {
            return Refusals.InsufficientCredits.With(("required", wanted.Amount), ("available", holdings.Givable)) with
            {
                Message = "Insufficient credits to create gift",
            };
        }

        var (now, amount) = (decision.Now, wanted.Amount);
        var gift = new Gift(creatorId, null, id, codes.Hash(id), amount, wanted.TargetEmail, wanted.Message, now, expiresAt, null, null);
        var entry = new Entry(
            "gift",
            Gift.App,
            $"Gift code created: {amount} credits",
            HoldEntries.OfGift(id),
            wanted.IdempotencyKey,
            fingerprint
        )
        {
            Status = "pending",
        };
        decision.Add(movement, entry);
        await decision.Tx.Run(gift.Insert());

        return Say.Now(new GiftMade(gift, codes.Of(id), false));
    }

    private async Task<Outcome<Saying<GiftMade>>> Repeat(Decision decision, UserId creatorId, NewGift wanted, LedgerTransaction earlier)
    {
        var hold = await decision.Tx.Find<HoldRow>(HoldRow.At(decision.Owner, earlier.Seq));
        Invariant.Holds(hold is not null);
        var gift = await decision.Tx.Find<Gift>(Gift.ById(creatorId, hold.Id));
        Invariant.Holds(gift is not null);

        // The terms of the ledger do not know for whom it is, so that is compared here.
        return gift.TargetEmail == wanted.TargetEmail
            ? Say.Now(new GiftMade(gift, codes.Of(gift.Id, gift.CodeHash), true))
            : Refusals.IdempotencyKeyMismatch;
    }
}
