using Mana.Ledger;

namespace Mana.Credits;

/// <summary>
/// What has to be posted before anything else happens to an owner: holds and lots whose time has come, each at its own instant, and the
/// daily grant (rulings 15 and 18b).
/// </summary>
public static class DuePostings
{
    private static readonly Entry Daily = new("bonus", "system", "Daily free credits");

    private static readonly Entry LotExpired = new("expiry", "system", "Credits expired");

    /// <summary>True when something has to be posted; asked before a lock is taken, and again under it.</summary>
    public static bool AreDue(LedgerAccount account, long dailyFree, DateTimeOffset now) =>
        account.ExpiresAt <= now || IsDailyDue(account, dailyFree, now);

    /// <summary>Who has as much as anybody may is granted nothing: whatever is drafted here can be written, also when what follows is refused.</summary>
    public static void Post(Draft draft, long dailyFree, DateTimeOffset now)
    {
        PostExpiries(draft, now);
        var holdings = draft.Holdings;
        if (IsDailyDue(holdings.Account, dailyFree, now))
        {
            // However many windows have passed there is one grant.
            var granted = holdings.Receive(Accounts.Free, Accounts.Issuer, dailyFree);
            var account = granted.After.Account with { DailyGrantedAt = holdings.Account.DailyWindowAt(now) };
            if (account.IsWithinBounds)
            {
                draft.Add(granted with { After = granted.After with { Account = account } }, Daily, now, now);
            }
        }
    }

    /// <summary>Also after a hold has ended: what came back to a lot that expired meanwhile goes at once.</summary>
    public static void PostExpiries(Draft draft, DateTimeOffset now)
    {
        while (draft.Holdings.Due(now) is { } due)
        {
            var at = due.At > draft.NewestAt ? due.At : draft.NewestAt;
            if (due.Hold is { } hold)
            {
                draft.Add(draft.Holdings.End(hold, HoldEnds.Expired), HoldEntries.Expired(hold), at, now);
            }
            else
            {
                draft.Add(draft.Holdings.Expire(due.Lot!), LotExpired, at, now);
            }
        }
    }

    private static bool IsDailyDue(LedgerAccount account, long dailyFree, DateTimeOffset now) =>
        dailyFree > 0 && account.OwnerKind == LedgerAccount.Person && now >= account.NextDailyAt;
}
