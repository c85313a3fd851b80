using System.Collections.Immutable;
using Mana.Ledger.Proofs;
using Mana.Platform;

namespace Mana.Ledger;

/// <summary>What a decision changes: the transfers, what they lead to, and the hold that begins or ends with them.</summary>
public sealed record Movement(Holdings After, Transfer[] Transfers)
{
    public Hold? Opened { get; init; }

    public HoldEnd? Ended { get; init; }

    /// <summary>The position a refund gives back.</summary>
    public long? Reverses { get; init; }
}

/// <summary>
/// Everything one owner holds: the accounts, the open lots in the order of spending, and the open holds. Pure: a rule finds the transfers,
/// and what they lead to follows from them alone, by the same arithmetic that checks the books.
/// </summary>
public sealed record Holdings(LedgerAccount Account, ImmutableArray<Lot> Lots, ImmutableArray<Hold> Holds, Chain Chain)
{
    /// <summary>How much longer an expired lot lives when something of it is refunded (ruling 18b).</summary>
    public static readonly TimeSpan RefundedLotLife = TimeSpan.FromDays(7);

    public static Holdings New(LedgerAccount empty) => new(empty, [], [], Chain.New());

    /// <summary>Credits from outside into a bucket, without expiry or priority.</summary>
    public Movement Receive(string bucket, string from, long amount) => Move(new Transfer(from, bucket, amount));

    /// <summary>Credits from outside that expire, or that go before or after others.</summary>
    /// <returns>Null when the owner has as many open lots as there may be.</returns>
    public Movement? ReceiveLot(string bucket, string from, long amount, int priority, DateTimeOffset? expiresAt, DateTimeOffset now)
    {
        Invariant.Holds(priority is >= 0 and <= Lot.PriorityMax && expiresAt != DateTimeOffset.MaxValue); // which is written as never
        if (Lots.Length >= Lot.OpenMax)
        {
            return null;
        }

        var lot = new Lot(Lot.IdAt(Account.Version + 1, 0), bucket, priority, expiresAt, 0, 0, now);

        return With(lot).Move(new Transfer(from, bucket, amount, lot.Id));
    }

    /// <summary>Free credits go first, then paid ones; in each, lots by priority, expiry and age, and then what has no lot.</summary>
    /// <returns>Null when there is not enough.</returns>
    public Movement? Spend(long amount, string to)
    {
        Invariant.Holds(amount > 0);

        return Account.Available < amount ? null : Move(Take(amount).Select(part => new Transfer(part.Bucket, to, part.Amount, part.Lot)));
    }

    /// <summary>What may be given to somebody else: paid for, and without an expiry, which giving would take off.</summary>
    public long Givable =>
        Account.Paid - Lots.Where(lot => lot.Bucket == Accounts.Paid && lot.ExpiresAt is not null).Sum(lot => lot.Remaining);

    /// <summary>To another owner, through what lies between them, or back to where credits come from.</summary>
    /// <returns>Null when there is not enough that may be given.</returns>
    public Movement? Pass(long amount, string to = Accounts.Transit)
    {
        Invariant.Holds(amount > 0);

        return Givable < amount
            ? null
            : Move(Take(amount, mustBeGivable: true).Select(part => new Transfer(part.Bucket, to, part.Amount, part.Lot)));
    }

    /// <summary>Sets credits aside, in the order they would be spent; for a gift only such as may be given.</summary>
    /// <param name="hold">Without its position and its portions, which are found here.</param>
    /// <returns>Null when there is not enough.</returns>
    public Movement? Reserve(Hold hold, long amount)
    {
        Invariant.Holds(amount > 0 && hold.ExpiresAt > hold.CreatedAt && Holds.Length < Hold.OpenMax);
        var isGift = hold.Kind == HoldKinds.Gift;
        if ((isGift ? Givable : Account.Available) < amount)
        {
            return null;
        }

        var set = hold with { Seq = Account.Version + 1, Portions = [.. Take(amount, isGift)] };
        var (after, transfers) = Move(set.Portions.Select(part => new Transfer(part.Bucket, Accounts.Held, part.Amount, part.Lot)));

        return new Movement((after with { Holds = after.Holds.Add(set) }).Timed(), transfers) { Opened = set };
    }

    /// <summary>
    /// Ends a hold: everything goes back to where it came from, and of that the first <paramref name="committed"/> credits go on. Written
    /// this way a committed hold looks like a spending, and is refunded like one.
    /// </summary>
    /// <param name="to">Where what is committed goes; not asked where nothing is.</param>
    public Movement End(Hold hold, string endedAs, long committed = 0, string to = "")
    {
        Invariant.Holds(committed >= 0 && committed <= hold.Amount && Holds.Contains(hold));
        Invariant.Holds(committed > 0 == (endedAs == HoldEnds.Committed));
        var transfers = new List<Transfer>(hold.Portions.Length * 2);
        var open = committed;
        foreach (var part in hold.Portions)
        {
            transfers.Add(new Transfer(Accounts.Held, part.Bucket, part.Amount, part.Lot));
            var spent = Math.Min(open, part.Amount);
            if (spent > 0)
            {
                transfers.Add(new Transfer(part.Bucket, to, spent, part.Lot));
                open -= spent;
            }
        }

        var (after, moved) = Move(transfers);

        return new Movement((after with { Holds = after.Holds.Remove(hold) }).Timed(), moved) { Ended = new HoldEnd(hold.Id, endedAs) };
    }

    /// <summary>What is left of a lot goes to breakage.</summary>
    public Movement Expire(Lot lot) => Move(new Transfer(lot.Bucket, Accounts.Breakage, lot.Remaining, lot.Id));

    /// <summary>
    /// Gives back credits of a spending, what was spent last first. A lot that has expired since is opened anew for seven days; if there are
    /// as many lots as there may be, its credits come back without one.
    /// </summary>
    /// <param name="charge">The transfers of the spending that went to the app.</param>
    /// <param name="refunded">How much of it was given back before.</param>
    /// <param name="lots">The lots the charge names, also those that are no longer open.</param>
    public Movement Refund(
        long chargeSeq,
        IReadOnlyList<Transfer> charge,
        long refunded,
        long amount,
        IReadOnlyDictionary<long, Lot> lots,
        DateTimeOffset now
    )
    {
        Invariant.Holds(amount > 0 && refunded >= 0 && refunded + amount <= charge.Sum(transfer => transfer.Amount));
        var holdings = this;
        var transfers = new List<Transfer>();
        var (skip, open) = (refunded, amount);
        foreach (var transfer in charge.Reverse())
        {
            var past = Math.Min(skip, transfer.Amount);
            var part = Math.Min(open, transfer.Amount - past);
            (skip, open) = (skip - past, open - part);
            if (part > 0)
            {
                (holdings, var lot) = holdings.Reopen(transfer.Lot, lots, transfers.Count, now);
                transfers.Add(new Transfer(transfer.To, transfer.From, part, lot));
            }
        }

        return holdings.Move(transfers) with
        {
            Reverses = chargeSeq,
        };
    }

    /// <summary>Whatever has to be posted first: a hold or a lot whose time has come, the earliest first, holds before lots.</summary>
    public (DateTimeOffset At, Hold? Hold, Lot? Lot)? Due(DateTimeOffset now)
    {
        if (Account.ExpiresAt is not { } next || next > now)
        {
            return null;
        }

        var hold = Holds.MinBy(each => each.ExpiresAt);
        var lot = Lots.Where(each => each.DueAt is not null).MinBy(each => each.DueAt);
        Invariant.Holds(hold is not null || lot is not null);

        return hold is not null && (lot is null || hold.ExpiresAt <= lot.DueAt)
            ? (hold.ExpiresAt, hold, null)
            : (lot!.DueAt!.Value, null, lot);
    }

    private (Holdings Holdings, long? Lot) Reopen(long? id, IReadOnlyDictionary<long, Lot> lots, int place, DateTimeOffset now)
    {
        if (id is not { } wanted || Lots.Any(lot => lot.Id == wanted && (lot.ExpiresAt ?? DateTimeOffset.MaxValue) > now))
        {
            return (this, id);
        }

        var closed = lots[wanted];
        if (Lots.Length >= Lot.OpenMax)
        {
            return (this, null);
        }

        if ((closed.ExpiresAt ?? DateTimeOffset.MaxValue) > now)
        {
            return (With(closed), wanted);
        }

        var again = new Lot(Lot.IdAt(Account.Version + 1, place), closed.Bucket, closed.Priority, now + RefundedLotLife, 0, 0, now);

        return (With(again), again.Id);
    }

    /// <summary>Portions of the amount in the order of spending.</summary>
    private IEnumerable<Portion> Take(long amount, bool mustBeGivable = false)
    {
        foreach (var bucket in mustBeGivable ? [Accounts.Paid] : new[] { Accounts.Free, Accounts.Paid })
        {
            var plain = bucket == Accounts.Free ? Account.Free : Account.Paid;
            foreach (var lot in Lots)
            {
                if (lot.Bucket == bucket)
                {
                    plain -= lot.Remaining;
                    var part = mustBeGivable && lot.ExpiresAt is not null ? 0 : Math.Min(amount, lot.Remaining);
                    amount -= part;
                    if (part > 0)
                    {
                        yield return new Portion(bucket, lot.Id, part);
                    }
                }
            }

            var rest = Math.Min(amount, plain);
            amount -= rest;
            if (rest > 0)
            {
                yield return new Portion(bucket, null, rest);
            }
        }

        Invariant.Holds(amount == 0);
    }

    private Holdings With(Lot lot) => this with { Lots = Lots.Add(lot).Sort(Lot.SpendingOrder) };

    private Movement Move(IEnumerable<Transfer> transfers) => Move(transfers.ToArray());

    /// <summary>The one place where transfers become balances.</summary>
    private Movement Move(params Transfer[] transfers)
    {
        var (free, paid, held, earned, spent) = (Account.Free, Account.Paid, Account.Held, Account.Earned, Account.Spent);
        var lots = Lots;
        foreach (var transfer in transfers)
        {
            Invariant.Holds(transfer.Amount > 0 && (Accounts.IsOwners(transfer.From) || Accounts.IsOwners(transfer.To)));
            var (from, to) = (Side(transfer.From, -transfer.Amount), Side(transfer.To, transfer.Amount));
            (free, paid, held) = (free + from.Free + to.Free, paid + from.Paid + to.Paid, held + from.Held + to.Held);
            earned += transfer.To == Accounts.Paid && !Accounts.IsOwners(transfer.From) ? transfer.Amount : 0;
            spent += Accounts.IsSpending(transfer.To) ? transfer.Amount : 0;
            lots = transfer.Lot is { } id ? Changed(lots, id, transfer) : lots;
        }

        Invariant.Holds(free >= 0 && paid >= 0 && held >= 0);
        var account = Account with { Free = free, Paid = paid, Held = held, Earned = earned, Spent = spent, Version = Account.Version + 1 };

        return new Movement((this with { Account = account, Lots = lots }).Timed(), transfers);
    }

    private static (long Free, long Paid, long Held) Side(string account, long amount) =>
        account switch
        {
            Accounts.Free => (amount, 0, 0),
            Accounts.Paid => (0, amount, 0),
            Accounts.Held => (0, 0, amount),
            _ => default,
        };

    private static ImmutableArray<Lot> Changed(ImmutableArray<Lot> lots, long id, Transfer transfer)
    {
        var at = 0;
        while (lots[at].Id != id)
        {
            at++;
        }

        var remaining = transfer.To == lots[at].Bucket ? transfer.Amount : -transfer.Amount;
        var held =
            transfer.To == Accounts.Held ? transfer.Amount
            : transfer.From == Accounts.Held ? -transfer.Amount
            : 0;
        var changed = lots[at] with { Remaining = lots[at].Remaining + remaining, Held = lots[at].Held + held };
        Invariant.Holds(changed.Remaining >= 0 && changed.Held >= 0);

        return lots.SetItem(at, changed);
    }

    /// <summary>With the instant of the next expiry.</summary>
    private Holdings Timed()
    {
        if (Lots.IsEmpty && Holds.IsEmpty && Account.ExpiresAt is null)
        {
            return this;
        }

        DateTimeOffset? next = null;
        foreach (var at in Lots.Select(lot => lot.DueAt).Concat(Holds.Select(hold => (DateTimeOffset?)hold.ExpiresAt)))
        {
            next = at is not null && (next is null || at < next) ? at : next;
        }

        return this with
        {
            Account = Account with { ExpiresAt = next },
        };
    }
}
