namespace Mana.Specs.Ledger.Plain;

/// <summary>Credits of one kind: what expires together and goes at the same turn. What has no lot is one of these too.</summary>
public sealed record Pile(int Id, bool IsFree, bool IsLot, int Priority, DateTimeOffset? ExpiresAt, int Left);

/// <summary>Credits set aside, one by one: of which pile each is.</summary>
public sealed record Aside(int Id, bool IsGift, List<int> Credits, DateTimeOffset Until);

/// <summary>
/// One owner of the reference ledger: slow and plain on purpose. Credits are moved one at a time, balances are counted when they are asked
/// for, and nothing here is shared with the ledger that is being checked.
/// </summary>
public sealed class PlainOwner(bool isPerson, DateTimeOffset dayFrom)
{
    private const int DailyFree = 5;

    private const int FreePlain = 0;

    private const int PaidPlain = 1;

    private readonly List<Pile> _piles = [new(FreePlain, true, false, 0, null, 0), new(PaidPlain, false, false, 0, null, 0)];

    private DateTimeOffset _dayFrom = dayFrom;

    private DateTimeOffset _newest;

    public List<Aside> Asides { get; } = [];

    /// <summary>How each hold ended, with how much of it was committed.</summary>
    public Dictionary<int, (string As, int Amount)> Ended { get; } = [];

    /// <summary>Idempotency keys and the terms they were used with.</summary>
    public Dictionary<string, string> Keys { get; } = [];

    /// <summary>How much of each charge was given back.</summary>
    public Dictionary<int, int> Refunded { get; } = [];

    /// <summary>The state after each position, and its instant.</summary>
    public List<(DateTimeOffset At, string State)> Past { get; } = [];

    public long Earned { get; private set; }

    public long Spent { get; private set; }

    private int Free => _piles.Where(pile => pile.IsFree).Sum(pile => pile.Left);

    private int Paid => _piles.Where(pile => !pile.IsFree).Sum(pile => pile.Left);

    public int Available => Free + Paid;

    public int Givable => _piles.Where(IsGivable).Sum(pile => pile.Left);

    public string State => $"free {Free} paid {Paid} held {Asides.Sum(aside => aside.Credits.Count)} earned {Earned} spent {Spent}";

    public static PlainOwner Opened(DateTimeOffset now)
    {
        var person = new PlainOwner(true, now);
        person.Add(FreePlain, 150);
        person.Book(now);

        return person;
    }

    /// <summary>To try something on.</summary>
    public PlainOwner Copy()
    {
        var copy = new PlainOwner(isPerson, _dayFrom) { Earned = Earned, Spent = Spent };
        copy._piles.Clear();
        copy._piles.AddRange(_piles);
        copy.Asides.AddRange(Asides);
        Copied(Ended, copy.Ended);
        Copied(Keys, copy.Keys);
        Copied(Refunded, copy.Refunded);
        copy.Past.AddRange(Past);

        return copy;
    }

    public void Book(DateTimeOffset at)
    {
        Past.Add((at, State));
        _newest = at;
    }

    public string Booked(DateTimeOffset at)
    {
        Book(at);

        return "ok";
    }

    /// <summary>What is said about a key that was used before; null for one that was not.</summary>
    public string? Repeated(string? key, string terms)
    {
        if (key is null || !Keys.TryGetValue(key, out var before))
        {
            return null;
        }

        return before == terms ? "again" : "IDEMPOTENCY_KEY_MISMATCH";
    }

    public void Keep(string? key, string terms)
    {
        if (key is not null)
        {
            Keys[key] = terms;
        }
    }

    /// <summary>Everything whose time has come, the earliest first, holds before lots; each is a position of its own.</summary>
    public void Settle(DateTimeOffset now)
    {
        while (true)
        {
            var aside = Asides.Where(each => each.Until <= now).OrderBy(each => each.Until).FirstOrDefault();
            var pile = _piles.Where(each => each.Left > 0 && each.ExpiresAt <= now).OrderBy(each => each.ExpiresAt).FirstOrDefault();
            if (aside is not null && (pile is null || aside.Until <= pile.ExpiresAt))
            {
                End(aside, "expired", 0);
                Book(aside.Until > _newest ? aside.Until : _newest);
            }
            else if (pile is not null)
            {
                Add(pile.Id, -pile.Left);
                Book(pile.ExpiresAt!.Value > _newest ? pile.ExpiresAt.Value : _newest);
            }
            else
            {
                return;
            }
        }
    }

    /// <summary>Five a day, however many days have passed.</summary>
    public void GrantDaily(DateTimeOffset now)
    {
        if (!isPerson || now < _dayFrom.AddHours(24))
        {
            return;
        }

        while (_dayFrom.AddHours(24) <= now)
        {
            _dayFrom = _dayFrom.AddHours(24);
        }

        Add(FreePlain, DailyFree);
        Book(now);
    }

    /// <summary>Credits from outside; of a lot if they expire or go before others.</summary>
    public void Receive(bool isFree, int amount, int? priority = null, DateTimeOffset? expiresAt = null)
    {
        var id = isFree ? FreePlain : PaidPlain;
        if (priority is not null || expiresAt is not null)
        {
            id = _piles.Count;
            _piles.Add(new Pile(id, isFree, true, priority ?? 100, expiresAt, 0));
        }

        Add(id, amount);
        Earned += isFree ? 0 : amount;
    }

    /// <summary>Takes so many, one after another, each from the pile whose turn it is.</summary>
    public List<int> Take(int amount, bool mustBeGivable = false)
    {
        var taken = new List<int>();
        while (taken.Count < amount)
        {
            var next = _piles
                .Where(pile => pile.Left > 0 && (!mustBeGivable || IsGivable(pile)))
                .OrderBy(pile => pile.IsFree ? 0 : 1)
                .ThenBy(pile => pile.IsLot ? 0 : 1)
                .ThenBy(pile => pile.Priority)
                .ThenBy(pile => pile.ExpiresAt ?? DateTimeOffset.MaxValue)
                .ThenBy(pile => pile.Id)
                .First();
            Add(next.Id, -1);
            taken.Add(next.Id);
        }

        return taken;
    }

    public void Spend(int amount) => Spent += amount;

    /// <summary>Ends a hold: what is not committed goes back to its piles.</summary>
    /// <returns>What was committed, in the order it was taken.</returns>
    public List<int> End(Aside aside, string endedAs, int committed)
    {
        Asides.Remove(aside);
        Ended[aside.Id] = (endedAs, committed);
        aside.Credits.Skip(committed).ToList().ForEach(pile => Add(pile, 1));
        Spent += committed;

        return [.. aside.Credits.Take(committed)];
    }

    /// <summary>Gives back what was spent last; for a pile whose time is over there is a new one that lives seven days.</summary>
    public void GiveBack(IReadOnlyList<int> charge, int refunded, int amount, DateTimeOffset now)
    {
        var again = new Dictionary<int, int>();
        foreach (var id in charge.Reverse().Skip(refunded).Take(amount))
        {
            var pile = _piles[id];
            var to = id;
            if (pile.ExpiresAt <= now && !again.TryGetValue(id, out to))
            {
                to = _piles.Count;
                _piles.Add(pile with { Id = to, ExpiresAt = now.AddDays(7), Left = 0 });
                again[id] = to;
            }

            Add(to, 1);
            Earned += pile.IsFree ? 0 : 1;
        }
    }

    private static bool IsGivable(Pile pile) => !pile.IsFree && pile.ExpiresAt is null;

    private static void Copied<TKey, TValue>(Dictionary<TKey, TValue> from, Dictionary<TKey, TValue> to)
        where TKey : notnull
    {
        foreach (var (key, value) in from)
        {
            to[key] = value;
        }
    }

    private void Add(int pile, int amount) => _piles[pile] = _piles[pile] with { Left = _piles[pile].Left + amount };
}
