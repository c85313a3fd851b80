using System.Globalization;
using Mana.Credits;
using Mana.Gifts;
using Mana.Ledger;
using Mana.Platform;

namespace Mana.Specs.Ledger.Plain;

/// <summary>Takes steps on both ledgers and compares what is said and what is there after each.</summary>
public sealed class Walk(RealLedger real)
{
    private const string App = "walk";

    private static readonly string[] People = [.. Enumerable.Range(0, Step.People).Select(number => $"p{number}")];

    private static readonly string[] Pools = [.. Enumerable.Range(0, Step.Pools).Select(number => $"org{number}")];

    private readonly PlainLedger _plain = new();

    private readonly List<Guid> _charges = [];

    private readonly List<Guid> _reservations = [];

    private readonly List<(Guid Id, string? Code)> _gifts = [];

    /// <summary>Positions that were acknowledged: their owner and id. Each must be in the books once.</summary>
    public List<(string Owner, Guid Id)> Acknowledged { get; } = [];

    /// <summary>What was said to each deed; a walk on which nothing succeeds would show nothing.</summary>
    public List<(Deed Deed, string Said)> Answers { get; } = [];

    private DateTimeOffset Now => real.Clock.Now();

    /// <returns>What differed, or null.</returns>
    public async Task<string?> Take(IReadOnlyList<Step> steps)
    {
        await real.Begin(People, Pools);
        foreach (var pool in Pools)
        {
            _plain.Owners[pool] = new PlainOwner(false, Now);
        }

        for (var at = 0; at < steps.Count; at++)
        {
            var (expected, said) = await Do(steps[at]);
            if (expected != said)
            {
                return $"step {at} ({steps[at]}) said {said} and should have said {expected}";
            }

            Answers.Add((steps[at].Deed, said.Split(' ')[0]));
            if (Differing(await real.States()) is { } difference)
            {
                return $"after step {at} ({steps[at]}), which said {said}, {difference}";
            }
        }

        return null;
    }

    /// <summary>Lets everything that may expire expire.</summary>
    public async Task<string?> End()
    {
        real.Clock.Move(TimeSpan.FromDays(400));
        await real.Expire.Run(CancellationToken.None);
        _plain.Sweep(Now);

        return Differing(await real.States());
    }

    private string? Differing(Dictionary<string, (string State, long Version)> states)
    {
        foreach (var who in People.Concat(Pools))
        {
            var expected = _plain.Owners.TryGetValue(who, out var owner) ? $"{owner.State} in {owner.Past.Count}" : "no account";
            var found = states.TryGetValue(who, out var state) ? $"{state.State} in {state.Version}" : "no account";
            if (expected != found)
            {
                return $"{who} has {found} and should have {expected}";
            }
        }

        return null;
    }

    private async Task<(string Expected, string Said)> Do(Step step)
    {
        var (who, other, now) = (People[step.Who], People[step.Other], Now);
        switch (step.Deed)
        {
            case Deed.Use:
                return (_plain.Use(who, step.Amount, step.IdempotencyKey, now), await Use(who, step.Amount, step.IdempotencyKey));
            case Deed.UseTogether:
                return await UseTogether(who, step.Amount, 2 + step.Pick % 5);
            case Deed.Grant or Deed.GrantLot:
                return await Grant(step, who, now);
            case Deed.Refund:
                return await Refund(step, other, now);
            case Deed.Reserve or Deed.Commit or Deed.Release:
                return await SetAside(step, who, now);
            case Deed.GiveGift or Deed.TakeGift or Deed.CancelGift:
                return await Gift(step, who, now);
            case Deed.Fund or Deed.Deduct or Deed.Allocate or Deed.TakeBack:
                return await Share(step, who, now);
            case Deed.Read:
                return (_plain.Read(who, now), Code(await real.Read(who)));
            case Deed.ReadPast:
                return await ReadPast(who, now.AddMinutes(-7 * step.Pick), now);
            case Deed.Sweep:
                _plain.Sweep(now);
                await real.Expire.Run(CancellationToken.None);
                return ("ok", "ok");
            default:
                real.Clock.Move(step.Pick % 9 == 0 ? TimeSpan.FromHours(step.Amount) : TimeSpan.FromMinutes(step.Amount));
                return ("ok", "ok");
        }
    }

    private async Task<string> Use(string who, long amount, string? key)
    {
        var said = await real.Spend.Run(new UserId(who), new Spending(amount, App, "a walk", key, null));
        if (said is { IsRefused: false, Value.Account: not null })
        {
            _charges.Add(Told(who, said.Value.Transaction.Id));
        }

        return Code(said, spent => spent.Account is null);
    }

    /// <summary>Several at once go through the same group or wait for one another: some succeed, and it does not matter which.</summary>
    private async Task<(string Expected, string Said)> UseTogether(string who, int amount, int times)
    {
        var expected = Enumerable.Range(0, times).Select(_ => _plain.Use(who, amount, null, Now)).ToArray();
        var said = await Task.WhenAll(
            Enumerable.Range(0, times).Select(_ => real.Spend.Run(new UserId(who), new Spending(amount, App, "a walk", null, null)))
        );
        foreach (var spent in said.Where(each => !each.IsRefused).OrderBy(each => each.Value.Transaction.Seq))
        {
            _charges.Add(Told(who, spent.Value.Transaction.Id));
        }

        return (Together(expected), Together(said.Select(each => Code(each))));

        static string Together(IEnumerable<string> codes) => string.Join(' ', codes.Order(StringComparer.Ordinal));
    }

    private async Task<(string Expected, string Said)> Grant(Step step, string who, DateTimeOffset now)
    {
        var (isFree, reference) = (step.Pick % 2 == 0, $"r{step.Key}");
        int? priority = step.Deed == Deed.GrantLot && step.Pick % 3 == 0 ? step.Pick % 5 : null;
        DateTimeOffset? expiresAt =
            step.Deed == Deed.GrantLot && (priority is null || step.Pick % 4 == 0) ? now.AddMinutes(1 + step.Pick * 2) : null;
        var bucket = isFree ? Accounts.Free : Accounts.Paid;
        var said = await real.Grant.Run(
            new UserId(who),
            new Grant(step.Amount, App, "walk", reference, "a walk", bucket, priority, expiresAt),
            CancellationToken.None
        );
        if (!said.IsRefused)
        {
            Told(who, said.Value.TransactionId);
        }

        return (_plain.Grant(who, step.Amount, isFree, priority, expiresAt, reference, now), Code(said, granted => granted.IsRepeated));
    }

    private async Task<(string Expected, string Said)> Refund(Step step, string other, DateTimeOffset now)
    {
        if (_charges.Count == 0)
        {
            return ("ok", "ok");
        }

        var charge = step.Pick % _charges.Count;
        var who = step.Key % 7 == 0 ? other : _plain.Charges[charge].Owner; // sometimes somebody else's
        var amount = 1 + step.Amount / 2;
        var said = await real.Refund.Run(
            new UserId(who),
            new Refund(amount, _charges[charge], App, "a walk", step.IdempotencyKey, null),
            CancellationToken.None
        );
        if (!said.IsRefused)
        {
            Told(who, said.Value.Transaction.Id);
        }

        return (_plain.Refund(who, charge, amount, step.IdempotencyKey, now), Code(said, refunded => refunded.Account is null));
    }

    private async Task<(string Expected, string Said)> SetAside(Step step, string who, DateTimeOffset now)
    {
        if (step.Deed == Deed.Reserve)
        {
            var life = TimeSpan.FromMinutes(1 + step.Pick);
            var reservation = new Reservation(step.Amount, App, "a walk", life, step.IdempotencyKey);
            var set = await real.Reserve.Run(new UserId(who), reservation, CancellationToken.None);
            if (set is { IsRefused: false, Value.IsRepeated: false })
            {
                _reservations.Add(set.Value.ReservationId);
            }

            return (_plain.Reserve(who, step.Amount, life, false, step.IdempotencyKey, now), Code(set, reserved => reserved.IsRepeated));
        }

        if (_reservations.Count == 0)
        {
            return ("ok", "ok");
        }

        var pick = step.Pick % _reservations.Count;
        if (step.Deed == Deed.Release)
        {
            var released = await real.End.Release(_reservations[pick], CancellationToken.None);
            return (_plain.Release(_plain.Reservations, pick, now), Code(released));
        }

        int? part = step.Key % 2 == 0 ? step.Amount : null;
        var expected = _plain.Commit(pick, part, now);
        var said = await real.End.Commit(_reservations[pick], part, null, CancellationToken.None);
        if (!said.IsRefused)
        {
            var id = Told(_plain.Reservations[pick].Owner, said.Value.TransactionId);
            if (expected == "ok")
            {
                _charges.Add(id);
            }
        }

        return (Once(expected), Code(said));
    }

    private async Task<(string Expected, string Said)> Gift(Step step, string who, DateTimeOffset now)
    {
        if (step.Deed == Deed.GiveGift)
        {
            var life = TimeSpan.FromMinutes(1 + step.Pick * 5);
            var wanted = new NewGift(step.Amount, null, null, now + life, step.IdempotencyKey);
            var made = await real.CreateGift.Run(new UserId(who), wanted, CancellationToken.None);
            if (made is { IsRefused: false, Value.IsRepeated: false })
            {
                _gifts.Add((made.Value.Gift.Id, made.Value.Code));
            }

            return (_plain.Reserve(who, step.Amount, life, true, step.IdempotencyKey, now), Code(made, gift => gift.IsRepeated));
        }

        if (_gifts.Count == 0)
        {
            return ("ok", "ok");
        }

        var pick = step.Pick % _gifts.Count;
        if (step.Deed == Deed.CancelGift)
        {
            var giver = new UserId(_plain.Gifts[pick].Owner);
            var cancelled = await real.CancelGift.Run(giver, _gifts[pick].Id, CancellationToken.None);
            return (Once(_plain.Release(_plain.Gifts, pick, now)), Code(cancelled));
        }

        var taken = await real.RedeemGift.Run(new UserId(who), _gifts[pick].Code!, CancellationToken.None);
        if (!taken.IsRefused)
        {
            Told(who, taken.Value.Transaction.Id);
        }

        return (_plain.TakeGift(pick, who, now), Code(taken, gift => gift.Account is null));
    }

    private async Task<(string Expected, string Said)> Share(Step step, string who, DateTimeOffset now)
    {
        var pool = Pools[step.Pick % Pools.Length];
        if (step.Deed is Deed.Fund or Deed.Deduct)
        {
            var change = new PoolChange(step.Amount, $"f{step.Key}", "a walk");
            var changed =
                step.Deed == Deed.Fund
                    ? await real.Pool.Fund(new OwnerId(pool), change, CancellationToken.None)
                    : await real.Pool.Deduct(new OwnerId(pool), change, CancellationToken.None);

            return (
                _plain.ChangePool(pool, step.Amount, step.Deed == Deed.Deduct, $"f{step.Key}", now),
                Code(changed, done => done.IsRepeated)
            );
        }

        var wish = new AllocationWish(new OwnerId(pool), new UserId(who), step.Amount, new UserId("owner"), null, step.IdempotencyKey);
        var shared =
            step.Deed == Deed.Allocate
                ? await real.Allocate.Give(wish, CancellationToken.None)
                : await real.Allocate.TakeBack(wish, CancellationToken.None);

        return (
            _plain.Allocate(pool, who, step.Amount, step.Deed == Deed.TakeBack, step.IdempotencyKey, now),
            Code(shared, done => done.IsRepeated)
        );
    }

    private async Task<(string Expected, string Said)> ReadPast(string who, DateTimeOffset instant, DateTimeOffset now)
    {
        _plain.Read(who, now);
        var said = await real.Past.Run(new UserId(who), instant, CancellationToken.None);
        if (said.IsRefused)
        {
            return ("ok", said.Refusal!.Code);
        }

        var then = said.Value;
        var state = string.Create(
            CultureInfo.InvariantCulture,
            $"free {then.Free} paid {then.Paid} held {then.Held} earned {then.Earned} spent {then.Spent}"
        );

        return (_plain.At(who, instant), state);
    }

    private Guid Told(string owner, Guid id)
    {
        Acknowledged.Add((owner, id));

        return id;
    }

    /// <summary>Where the real ledger does not say that it was asked before.</summary>
    private static string Once(string expected) => expected == "again" ? "ok" : expected;

    private static string Code<T>(Outcome<T> outcome, Func<T, bool>? isRepeated = null) =>
        outcome.IsRefused ? outcome.Refusal!.Code
        : isRepeated?.Invoke(outcome.Value) == true ? "again"
        : "ok";
}
