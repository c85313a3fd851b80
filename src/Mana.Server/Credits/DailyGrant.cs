using Mana.Ledger;

namespace Mana.Credits;

/// <summary>
/// Free credits once per 24-hour window, given when somebody looks or spends (ruling 15). However many windows have passed there is one
/// grant, and the window moves by whole days, so it does not drift with the hour somebody calls.
/// </summary>
public static class DailyGrant
{
    private static readonly TimeSpan Window = TimeSpan.FromHours(24);

    public static readonly Entry Entry = new(
        "bonus",
        "system",
        "Daily free credits",
        Metadata: null,
        IdempotencyKey: null,
        Fingerprint: null
    );

    public static DateTimeOffset NextAfter(DateTimeOffset start) => start + Window;

    /// <summary>True when a grant has to be posted before anything else happens to this account.</summary>
    public static bool IsDue(LedgerAccount account, long amount, DateTimeOffset now) => amount > 0 && now >= account.DueAt;

    public static Movement Of(LedgerAccount account, long amount, DateTimeOffset now)
    {
        var windows = (now - account.DailyGrantedAt).Ticks / Window.Ticks;
        var start = account.DailyGrantedAt + windows * Window;
        var (after, transfers) = account.GrantFree(amount);

        return new Movement(after with { DailyGrantedAt = start, DueAt = NextAfter(start) }, transfers);
    }
}
