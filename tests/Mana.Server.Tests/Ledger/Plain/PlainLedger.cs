namespace Mana.Specs.Ledger.Plain;

/// <summary>
/// What ought to happen, said as plainly as it can be: each answer is <c>ok</c>, <c>again</c> for a repeated key, or the code of a refusal. A
/// refused deed leaves everything as it was, but where the comments say otherwise.
/// </summary>
public sealed class PlainLedger
{
    private int _ids;

    public Dictionary<string, PlainOwner> Owners { get; } = [];

    /// <summary>Charges that can be given back: their owner, and of which pile each credit was.</summary>
    public List<(string Owner, int Id, List<int> Credits)> Charges { get; } = [];

    /// <summary>Reservations and gifts by their owner.</summary>
    public List<(string Owner, int Id, int Amount)> Reservations { get; } = [];

    public List<(string Owner, int Id, int Amount)> Gifts { get; } = [];

    /// <summary>What each pool gave each member and did not get back.</summary>
    private readonly Dictionary<(string Pool, string Member), int> _allocated = [];

    /// <summary>Spending is refused after what was due has been posted, and that stays.</summary>
    public string Use(string who, int amount, string? key, DateTimeOffset now)
    {
        if (Owners.GetValueOrDefault(who)?.Repeated(key, $"use {amount}") is { } known)
        {
            return known;
        }

        var owner = Owners[who] = Touched(who, now);
        if (owner.Available < amount)
        {
            return "INSUFFICIENT_CREDITS";
        }

        Charges.Add((who, _ids++, owner.Take(amount)));
        owner.Spend(amount);
        owner.Keep(key, $"use {amount}");

        return owner.Booked(now);
    }

    public string Grant(string who, int amount, bool isFree, int? priority, DateTimeOffset? expiresAt, string key, DateTimeOffset now) =>
        Move(
            who,
            now,
            owner =>
            {
                if (owner.Repeated("grant:" + key, $"grant {amount}") is { } known)
                {
                    return known;
                }

                owner.Receive(isFree, amount, priority, expiresAt);
                owner.Keep("grant:" + key, $"grant {amount}");

                return owner.Booked(now);
            }
        );

    public string Refund(string who, int charge, int amount, string? key, DateTimeOffset now) =>
        Move(
            who,
            now,
            owner =>
            {
                var terms = $"refund {amount} of {charge}";
                if (owner.Repeated(key, terms) is { } known)
                {
                    return known;
                }

                var (whose, id, credits) = Charges[charge];
                if (whose != who)
                {
                    return "NOT_FOUND";
                }

                var refunded = owner.Refunded.GetValueOrDefault(id);
                if (refunded + amount > credits.Count)
                {
                    return "REFUND_EXCEEDS_CHARGE";
                }

                owner.GiveBack(credits, refunded, amount, now);
                owner.Refunded[id] = refunded + amount;
                owner.Keep(key, terms);

                return owner.Booked(now);
            }
        );

    public string Reserve(string who, int amount, TimeSpan life, bool isGift, string? key, DateTimeOffset now) =>
        Move(
            who,
            now,
            owner =>
            {
                var terms = $"{(isGift ? "gift" : "reserve")} {amount}";
                if (owner.Repeated(key, terms) is { } known)
                {
                    return known;
                }

                if ((isGift ? owner.Givable : owner.Available) < amount)
                {
                    return "INSUFFICIENT_CREDITS";
                }

                var id = _ids++;
                owner.Asides.Add(new Aside(id, isGift, owner.Take(amount, isGift), now + life));
                (isGift ? Gifts : Reservations).Add((who, id, amount));
                owner.Keep(key, terms);

                return owner.Booked(now);
            }
        );

    /// <param name="amount">Null for all of it.</param>
    public string Commit(int reservation, int? amount, DateTimeOffset now)
    {
        var (who, id, whole) = Reservations[reservation];

        return Move(
            who,
            now,
            owner =>
            {
                if (amount > whole)
                {
                    return "COMMIT_EXCEEDS_RESERVATION";
                }

                if (owner.Ended.GetValueOrDefault(id) is { As: "committed" } before)
                {
                    return amount is null || amount == before.Amount ? "again" : "IDEMPOTENCY_KEY_MISMATCH";
                }

                if (owner.Asides.Find(aside => aside.Id == id) is not { } open)
                {
                    return "RESERVATION_ENDED";
                }

                Charges.Add((who, _ids++, owner.End(open, "committed", amount ?? whole)));

                return owner.Booked(now);
            }
        );
    }

    /// <summary>Releases a reservation, or cancels a gift: that may be asked for twice.</summary>
    public string Release(List<(string Owner, int Id, int Amount)> asides, int pick, DateTimeOffset now)
    {
        var (who, id, _) = asides[pick];

        return Move(
            who,
            now,
            owner =>
            {
                if (owner.Asides.Find(aside => aside.Id == id) is not { } open)
                {
                    return asides != Gifts ? "RESERVATION_ENDED"
                        : owner.Ended.GetValueOrDefault(id).As == "released" ? "again"
                        : "GIFT_ENDED";
                }

                owner.End(open, "released", 0);

                return owner.Booked(now);
            }
        );
    }

    /// <summary>The taker is opened an account also when it is too late.</summary>
    public string TakeGift(int gift, string who, DateTimeOffset now)
    {
        var (from, id, amount) = Gifts[gift];
        if (from == who)
        {
            return "OWN_GIFT";
        }

        Open(who, now);

        return MoveBetween(
            (from, who),
            now,
            (giver, taker) =>
            {
                if (giver.Asides.Find(aside => aside.Id == id) is not { } open)
                {
                    return taker.Keys.ContainsKey($"gift:{id}") ? "again" : "GIFT_ENDED";
                }

                giver.End(open, "committed", amount);
                giver.Book(now);
                taker.Receive(false, amount);
                taker.Keep($"gift:{id}", "");

                return taker.Booked(now);
            }
        );
    }

    public string ChangePool(string pool, int amount, bool isDeduction, string key, DateTimeOffset now) =>
        Move(
            pool,
            now,
            owner =>
            {
                var terms = $"{(isDeduction ? "deduct" : "fund")} {amount}";
                if (owner.Repeated("grant:" + key, terms) is { } known)
                {
                    return known;
                }

                if (isDeduction && owner.Givable < amount)
                {
                    return "INSUFFICIENT_CREDITS";
                }

                if (isDeduction)
                {
                    owner.Take(amount, mustBeGivable: true);
                }
                else
                {
                    owner.Receive(false, amount);
                }

                owner.Keep("grant:" + key, terms);

                return owner.Booked(now);
            }
        );

    /// <summary>The member is opened an account also when nothing is given.</summary>
    public string Allocate(string pool, string who, int amount, bool isBack, string? key, DateTimeOffset now)
    {
        Open(who, now);

        return MoveBetween(
            (pool, who),
            now,
            (pooled, member) =>
            {
                var terms = $"{(isBack ? "take back" : "allocate")} {amount} {who}";
                if (pooled.Repeated(key, terms) is { } known)
                {
                    return known;
                }

                var left = _allocated.GetValueOrDefault((pool, who));
                if (isBack && amount > left)
                {
                    return "TAKES_BACK_TOO_MUCH";
                }

                var (from, to) = isBack ? (member, pooled) : (pooled, member);
                if (from.Givable < amount)
                {
                    return "INSUFFICIENT_CREDITS";
                }

                from.Take(amount, mustBeGivable: true);
                from.Spend(amount);
                to.Receive(false, amount);
                _allocated[(pool, who)] = left + (isBack ? -amount : amount);
                pooled.Keep(key, terms);
                pooled.Book(now);

                return member.Booked(now);
            }
        );
    }

    public string Read(string who, DateTimeOffset now) => Move(who, now, _ => "ok");

    /// <summary>What was there after the newest position of that time.</summary>
    public string At(string who, DateTimeOffset instant) =>
        Owners[who].Past.LastOrDefault(position => position.At <= instant).State ?? new PlainOwner(true, instant).State;

    public void Sweep(DateTimeOffset now)
    {
        foreach (var who in Owners.Keys.ToArray())
        {
            (Owners[who] = Owners[who].Copy()).Settle(now);
        }
    }

    public void Open(string who, DateTimeOffset now) => Owners.TryAdd(who, PlainOwner.Opened(now));

    private string Move(string who, DateTimeOffset now, Func<PlainOwner, string> decide)
    {
        var owner = Touched(who, now);
        var said = decide(owner);
        if (said is "ok" or "again")
        {
            owner.Settle(now);
            Owners[who] = owner;
        }

        return said;
    }

    private string MoveBetween((string One, string Other) owners, DateTimeOffset now, Func<PlainOwner, PlainOwner, string> decide)
    {
        var (one, other) = (Touched(owners.One, now), Touched(owners.Other, now));
        var said = decide(one, other);
        if (said is "ok" or "again")
        {
            one.Settle(now);
            other.Settle(now);
            (Owners[owners.One], Owners[owners.Other]) = (one, other);
        }

        return said;
    }

    private PlainOwner Touched(string who, DateTimeOffset now)
    {
        var owner = Owners.GetValueOrDefault(who)?.Copy() ?? PlainOwner.Opened(now);
        owner.Settle(now);
        owner.GrantDaily(now);

        return owner;
    }
}
