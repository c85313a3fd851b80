using Mana.Platform;
using Mana.Platform.Database;
using Npgsql;

namespace Mana.Ledger;

/// <summary>Who owns ledger accounts; the ledger does not know what a user or an organisation is.</summary>
public readonly record struct OwnerId(string Value) : IWrapped
{
    public override string ToString() => Value;
}

/// <summary>The names of accounts. An owner has three; the system's carry no balance of their own.</summary>
public static class Accounts
{
    public const string Free = "free";

    public const string Paid = "paid";

    public const string Held = "held";

    /// <summary>Where granted credits come from.</summary>
    public const string Issuer = "issuer";

    /// <summary>Where credits spent in an app go.</summary>
    public static string App(string appId) => "app:" + appId;
}

/// <summary>
/// The accounts of one owner, in one row: free, paid and held credits, and what was ever earned and spent. Pure: every change gives a new
/// value, and the database's constraints say no a second time.
/// </summary>
/// <param name="Version">How many movements there were; the newest one's position.</param>
/// <param name="DailyGrantedAt">Start of the current 24-hour window of the daily grant.</param>
/// <param name="DueAt">When something has to be posted before the next read or movement.</param>
public sealed record LedgerAccount(
    OwnerId Owner,
    string OwnerKind,
    long Free,
    long Paid,
    long Held,
    long Earned,
    long Spent,
    long Version,
    DateTimeOffset DailyGrantedAt,
    DateTimeOffset DueAt
) : IRow<LedgerAccount>
{
    public const string Person = "person";

    /// <summary>What can be spent now.</summary>
    public long Available => Free + Paid;

    public static LedgerAccount Read(NpgsqlDataReader row) =>
        new(
            new OwnerId(row.GetString(0)),
            row.GetString(1),
            row.GetInt64(2),
            row.GetInt64(3),
            row.GetInt64(4),
            row.GetInt64(5),
            row.GetInt64(6),
            row.GetInt64(7),
            row.GetFieldValue<DateTimeOffset>(8),
            row.GetFieldValue<DateTimeOffset>(9)
        );

    public static LedgerAccount Empty(OwnerId owner, string ownerKind, DateTimeOffset now, DateTimeOffset dueAt) =>
        new(owner, ownerKind, 0, 0, 0, 0, 0, 0, now, dueAt);

    /// <summary>Credits that cost nobody anything; they do not count as earned (contract 3.1).</summary>
    public Movement GrantFree(long amount)
    {
        Invariant.Holds(amount > 0);

        return new Movement(
            this with
            {
                Free = Free + amount,
                Version = Version + 1,
            },
            [new Transfer(Accounts.Issuer, Accounts.Free, amount)]
        );
    }

    /// <summary>Free credits go first, the rest is paid.</summary>
    /// <returns>Null when there is not enough.</returns>
    public Movement? Spend(long amount, string appId)
    {
        Invariant.Holds(amount > 0);
        if (Available < amount)
        {
            return null;
        }

        var (free, paid) = (Math.Min(amount, Free), amount - Math.Min(amount, Free));
        var after = this with { Free = Free - free, Paid = Paid - paid, Spent = Spent + amount, Version = Version + 1 };
        var app = Accounts.App(appId);
        Transfer[] transfers =
            paid == 0 ? [new(Accounts.Free, app, free)]
            : free == 0 ? [new(Accounts.Paid, app, paid)]
            : [new(Accounts.Free, app, free), new(Accounts.Paid, app, paid)];

        return new Movement(after, transfers);
    }
}

/// <summary>Credits leaving one account for another; immutable.</summary>
public sealed record Transfer(string From, string To, long Amount);

/// <summary>What a decision changes: the accounts afterwards and the transfers that lead there.</summary>
public sealed record Movement(LedgerAccount After, Transfer[] Transfers);
