namespace Mana.Specs.Ledger.Plain;

/// <summary>
/// I1 to I7, recomputed in memory from the rows, by arithmetic that is written here once more: neither the statements of the check of the books
/// nor the rules of the ledger are asked. I4 has no payment provider yet, so it says that nothing came from one.
/// </summary>
public static class Invariants
{
    private static readonly string[] Own = ["free", "paid", "held"];

    public static async Task<List<string>> Broken(RealLedger real, IReadOnlyCollection<(string Owner, Guid Id)> acknowledged)
    {
        var broken = new List<string>();
        var transfers = (
            await real.Rows("select owner_id, seq, from_account, to_account, amount from credits.transfers order by owner_id, seq, ordinal")
        ).ConvertAll(row => new Transfer((string)row[0], (long)row[1], (string)row[2], (string)row[3], (long)row[4]));
        var history = (
            await real.Rows(
                "select owner_id, seq, id, amount, balance_before, balance_after, description from credits.transactions order by owner_id, seq"
            )
        ).ConvertAll(row => new Position(
            (string)row[0],
            (long)row[1],
            (Guid)row[2],
            (long)row[3],
            (long)row[4],
            (long)row[5],
            (string)row[6]
        ));
        var accounts = (await real.Rows("select owner_id, owner_kind, free, paid, held, version from credits.accounts")).ConvertAll(
            row => new Account((string)row[0], (string)row[1], (long)row[2], (long)row[3], (long)row[4], (long)row[5])
        );

        I1(transfers, accounts, broken);
        I2(transfers, history, accounts, broken);
        I3(history, acknowledged, broken);
        Say(broken, "I4", transfers.Exists(each => each.From == "stripe"), "credits came from a payment provider there is not");
        await I5(real, accounts, broken);
        await I6(real, transfers, accounts, broken);
        I7(history, accounts, broken);

        return broken;
    }

    /// <summary>Everything sums to zero, and nothing stays between two owners.</summary>
    private static void I1(List<Transfer> transfers, List<Account> accounts, List<string> broken)
    {
        var outside = transfers.Sum(each => (Own.Contains(each.From) ? 0 : each.Amount) - (Own.Contains(each.To) ? 0 : each.Amount));
        Say(
            broken,
            "I1",
            outside != accounts.Sum(account => account.Free + account.Paid + account.Held),
            "the ledger does not sum to zero"
        );
        var transit = transfers.Sum(each => (each.To == "transit" ? each.Amount : 0) - (each.From == "transit" ? each.Amount : 0));
        Say(broken, "I1", transit != 0, $"{transit} credits are on their way for ever");
    }

    /// <summary>Balances are the sums of their entries, never negative on the way; the chain has no gap.</summary>
    private static void I2(List<Transfer> transfers, List<Position> history, List<Account> accounts, List<string> broken)
    {
        var entries = transfers.ToLookup(each => (each.Owner, each.Seq));
        foreach (var account in accounts)
        {
            var held = Own.ToDictionary(name => name, _ => 0L);
            var (expected, before) = (1L, 0L);
            foreach (var position in history.Where(each => each.Owner == account.Owner))
            {
                foreach (var entry in entries[(position.Owner, position.Seq)])
                {
                    Moved(held, entry.From, -entry.Amount);
                    Moved(held, entry.To, entry.Amount);
                }

                var named = $"{position.Owner} at {position.Seq}";
                Say(broken, "I2", held.Values.Any(balance => balance < 0), $"{named}: a balance is negative");
                Say(broken, "I2", position.Seq != expected++, $"{named}: a position is missing before it");
                Say(broken, "I2", position.Before != before, $"{named}: it does not begin where the one before ended");
                before = held["free"] + held["paid"];
                Say(
                    broken,
                    "I2",
                    position.After != before || position.After - position.Before != position.Amount,
                    $"{named}: it does not add up"
                );
            }

            var right = (held["free"], held["paid"], held["held"], expected - 1);
            Say(
                broken,
                "I2",
                right != (account.Free, account.Paid, account.Held, account.Version),
                $"{account.Owner}: the balance is wrong"
            );
        }

        Say(broken, "I2", history.Sum(each => entries[(each.Owner, each.Seq)].Count()) != transfers.Count, "a transfer has no position");
    }

    /// <summary>What was acknowledged is there once; that nothing else is, the number of positions says, which is compared at each step.</summary>
    private static void I3(List<Position> history, IReadOnlyCollection<(string Owner, Guid Id)> acknowledged, List<string> broken)
    {
        var there = history.ToLookup(each => (each.Owner, each.Id));
        foreach (var known in acknowledged)
        {
            Say(broken, "I3", there[known].Count() != 1, $"{known} is there {there[known].Count()} times");
        }
    }

    private static async Task I5(RealLedger real, List<Account> accounts, List<string> broken)
    {
        var holds = await real.Rows(
            "select owner_id, amount, ended_as is null, expires_at < $$now$$ from credits.holds".Replace(
                "$$now$$",
                $"'{real.Clock.GetUtcNow().AddSeconds(-60):O}'::timestamptz",
                StringComparison.Ordinal
            )
        );
        foreach (var account in accounts)
        {
            var open = holds.Where(hold => (string)hold[0] == account.Owner && (bool)hold[2]).Sum(hold => (long)hold[1]);
            Say(broken, "I5", open != account.Held, $"{account.Owner}: open holds are {open}, held are {account.Held}");
        }

        Say(broken, "I5", holds.Exists(hold => (bool)hold[2] && (bool)hold[3]), "a hold is open although its time is over");
    }

    private static async Task I6(RealLedger real, List<Transfer> transfers, List<Account> accounts, List<string> broken)
    {
        var allocations = await real.Rows("select organization_id, amount from credits.credit_allocations");
        foreach (var pool in accounts.Where(account => account.Kind == "organization"))
        {
            var allocated = allocations.Where(row => (string)row[0] == pool.Owner).Sum(row => (long)row[1]);
            var own = transfers.Where(each => each.Owner == pool.Owner).ToList();
            var moved =
                own.Where(each => each.To == "transit").Sum(each => each.Amount)
                - own.Where(each => each.From == "transit").Sum(each => each.Amount);
            Say(broken, "I6", allocated != moved || pool.Paid < 0 || allocated < 0, $"{pool.Owner}: allocated {allocated}, moved {moved}");
        }

        var taken = await real.Rows("select gift_id from credits.gift_redemptions where status = 'success'");
        Say(broken, "I6", taken.DistinctBy(row => (Guid)row[0]).Count() != taken.Count, "a gift was taken twice");
        var committed = await real.Rows("select id from credits.holds where kind = 'gift' and ended_as = 'committed'");
        Say(broken, "I6", committed.Count != taken.Count, "a gift was taken and did not arrive, or arrived and was not taken");
    }

    private static void I7(List<Position> history, List<Account> accounts, List<string> broken)
    {
        foreach (var person in accounts.Where(account => account.Kind == "person"))
        {
            var bonuses = history.Count(each => each.Owner == person.Owner && each.Description == "Signup bonus");
            Say(broken, "I7", bonuses != 1, $"{person.Owner} has {bonuses} opening grants");
        }
    }

    private static void Moved(Dictionary<string, long> held, string account, long amount)
    {
        if (held.TryGetValue(account, out var balance))
        {
            held[account] = balance + amount;
        }
    }

    private static void Say(List<string> broken, string invariant, bool isBroken, string how)
    {
        if (isBroken)
        {
            broken.Add($"{invariant}: {how}");
        }
    }

    private sealed record Transfer(string Owner, long Seq, string From, string To, long Amount);

    private sealed record Position(string Owner, long Seq, Guid Id, long Amount, long Before, long After, string Description);

    private sealed record Account(string Owner, string Kind, long Free, long Paid, long Held, long Version);
}
