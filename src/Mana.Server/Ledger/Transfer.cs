namespace Mana.Ledger;

/// <summary>Credits leaving one account for another; immutable.</summary>
/// <param name="Lot">The lot on the owner's side, if the credits are of one.</param>
public sealed record Transfer(string From, string To, long Amount, long? Lot = null);

/// <summary>The names of accounts. An owner has three; the system's carry no balance of their own.</summary>
public static class Accounts
{
    public const string Free = "free";

    public const string Paid = "paid";

    public const string Held = "held";

    /// <summary>Where granted credits come from.</summary>
    public const string Issuer = "issuer";

    /// <summary>Where credits go that expired.</summary>
    public const string Breakage = "breakage";

    /// <summary>Where credits go whose owner was erased.</summary>
    public const string Deleted = "system:deleted";

    /// <summary>Between two owners: what left one and has not arrived at the other.</summary>
    public const string Transit = "transit";

    private const string AppPrefix = "app:";

    /// <summary>Where credits spent in an app go.</summary>
    public static string App(string appId) => AppPrefix + appId;

    public static bool IsApp(string account) => account.StartsWith(AppPrefix, StringComparison.Ordinal);

    public static bool IsOwners(string account) => account is Free or Paid or Held;

    /// <summary>What goes there was spent: in an app, or for somebody else.</summary>
    public static bool IsSpending(string account) => account == Transit || IsApp(account);
}
