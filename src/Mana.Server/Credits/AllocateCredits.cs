using Mana.Ledger;
using Mana.Platform;
using Mana.Platform.Database;

namespace Mana.Credits;

/// <summary>What an organisation gives to a member, or takes back.</summary>
/// <param name="By">Who decided it.</param>
public sealed record AllocationWish(
    OwnerId OrganizationId,
    UserId MemberId,
    long Amount,
    UserId By,
    string? Reason,
    string? IdempotencyKey
);

/// <param name="MemberBalance">The member's paid credits now.</param>
public sealed record Allocated(Allocation Allocation, OrganizationBalance Pool, long MemberBalance, bool IsRepeated);

/// <summary>
/// Moves credits between the pool of an organisation and a member, in one transaction under both locks. Whether the one who asks may, and
/// whether the other is a member, is for the organisation to say.
/// </summary>
public sealed class AllocateCredits(PersonalLedger ledger)
{
    private const string App = "organization";

    private static readonly Scope Allocating = Scope.Service("allocate credits of an organisation");

    /// <summary>From the pool to the member; never more than is available.</summary>
    public Task<Outcome<Allocated>> Give(AllocationWish wish, CancellationToken cancel) =>
        Run(
            wish,
            "allocate",
            (pool, member) =>
                pool.Draft.Holdings.Pass(wish.Amount) is not { } leaving
                    ? Task.FromResult<Outcome<Pair>>(OrganizationBalance.Insufficient(pool.Draft.Holdings.Givable, wish.Amount))
                    : Task.FromResult<Outcome<Pair>>(
                        new Pair(leaving, member.Draft.Holdings.Receive(Accounts.Paid, Accounts.Transit, wish.Amount), wish.Amount)
                    ),
            cancel
        );

    /// <summary>Back into the pool: never more than the member was given, nor more than they still have.</summary>
    public Task<Outcome<Allocated>> TakeBack(AllocationWish wish, CancellationToken cancel) =>
        Run(
            wish,
            "take_back",
            async (pool, member) =>
            {
                var left = await member.Tx.Value<long>(Allocation.Left(wish.OrganizationId, wish.MemberId));
                if (wish.Amount > left)
                {
                    return Refusals.TakesBackTooMuch.With(("allocated", left));
                }

                var holdings = member.Draft.Holdings;

                return holdings.Pass(wish.Amount) is { } leaving
                    ? new Pair(pool.Draft.Holdings.Receive(Accounts.Paid, Accounts.Transit, wish.Amount), leaving, -wish.Amount)
                    : Refusals.InsufficientCredits.With(("required", wish.Amount), ("available", holdings.Givable));
            },
            cancel
        );

    private async Task<Outcome<Allocated>> Run(
        AllocationWish wish,
        string verb,
        Func<Decision, Decision, Task<Outcome<Pair>>> decide,
        CancellationToken cancel
    )
    {
        if (IdempotencyKeys.Check(wish.IdempotencyKey) is { } reserved)
        {
            return reserved;
        }

        var opened = await ledger.Open(Allocating, wish.MemberId, cancel);
        if (opened.IsRefused)
        {
            return opened.Refusal!;
        }

        // The key is the organisation's: it is the one that is asked twice.
        var fingerprint = wish.IdempotencyKey is null
            ? null
            : new Terms(verb, new OwnerId(wish.MemberId.Value), wish.Amount, App, wish.OrganizationId.Value).Fingerprint();

        return await ledger.MoveBetween<Allocated>(
            Allocating,
            (wish.OrganizationId, new OwnerId(wish.MemberId.Value)),
            Refusals.OrganizationBalanceNotFound,
            async (pool, member) =>
            {
                if (await pool.Posted(wish.IdempotencyKey) is { } earlier)
                {
                    return IdempotencyKeys.IsSame(earlier, fingerprint)
                        ? await Answer(pool, member, earlier.Id, true)
                        : Refusals.IdempotencyKeyMismatch;
                }

                var decided = await decide(pool, member);
                if (decided.IsRefused)
                {
                    return decided.Refusal!;
                }

                return await Write(wish, decided.Value, pool, member, fingerprint);
            },
            cancel
        );
    }

    private static async Task<Outcome<Saying<Allocated>>> Write(
        AllocationWish wish,
        Pair pair,
        Decision pool,
        Decision member,
        byte[]? fingerprint
    )
    {
        var reason = wish.Reason ?? "Credit allocation";
        var (verb, type) = pair.Amount > 0 ? ("allocation from", "bonus") : ("taken back by", "adjustment");
        var before = member.Draft.Holdings.Account.Paid;
        // Who and for whom stands in the allocation, which is detached when they are erased; the pool's history is not theirs.
        var place = pool.Add(
            pair.OfPool,
            new Entry(
                "adjustment",
                App,
                pair.Amount > 0 ? "Credits allocated" : "Credits taken back",
                null,
                wish.IdempotencyKey,
                fingerprint,
                wish.OrganizationId.Value
            )
        );
        member.Add(
            pair.OfMember,
            new Entry(type, App, $"Credit {verb} organization: {wish.Reason ?? "N/A"}", OrganizationId: wish.OrganizationId.Value)
        );
        var allocation = new Allocation(
            pool.Draft.Postings[place].Id,
            wish.OrganizationId,
            wish.MemberId,
            pair.Amount,
            wish.By,
            reason,
            before,
            before + pair.Amount,
            pool.Now
        );
        await pool.Tx.Run(allocation.Insert());

        return await Answer(pool, member, allocation.Id, false);
    }

    /// <summary>The pool's account is written after this, so what the view will say of it is put together here.</summary>
    private static async Task<Outcome<Saying<Allocated>>> Answer(Decision pool, Decision member, Guid id, bool isRepeated)
    {
        var (allocation, balance) = await pool.Tx.All<Allocation, OrganizationBalance>(
            Allocation.ById(pool.Owner, id),
            OrganizationBalance.Of(pool.Owner)
        );
        Invariant.Holds(allocation.Count == 1 && balance.Count == 1);
        var account = pool.Draft.Holdings.Account;
        var returned = !isRepeated && allocation[0].Amount < 0 ? -allocation[0].Amount : 0;
        var now = balance[0] with
        {
            Available = account.Paid,
            Balance = account.Paid + balance[0].Allocated,
            TotalPurchased = balance[0].TotalPurchased + returned,
            TotalAllocated = account.Spent,
        };

        return Say.Now(new Allocated(allocation[0], now, member.Draft.Holdings.Account.Paid, isRepeated));
    }

    /// <summary>Two movements that are one: what one side gives the other gets.</summary>
    private sealed record Pair(Movement OfPool, Movement OfMember, long Amount);
}
