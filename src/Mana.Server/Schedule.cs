using Mana.Credits;
using Mana.Ledger;
using Mana.Ledger.Proofs;
using Mana.Me;
using Mana.Passwords;
using Mana.Platform.Http;
using Mana.Platform.Jobs;
using Mana.Security;
using Mana.Sessions;
using Mana.Tokens;

namespace Mana;

/// <summary>
/// Everything that recurs: what, how often, which verb. Each works in bounded batches and may run on any number of instances at once,
/// because rows another one is working on are skipped. Intervals are staggered so that they do not meet.
/// </summary>
public static class Schedule
{
    public static readonly Recurring[] All =
    [
        new("turn-signing-keys", TimeSpan.FromSeconds(5), (services, cancel) => services.GetRequiredService<SigningKeys>().Turn(cancel)),
        new(
            "sweep-verification-tokens",
            TimeSpan.FromMinutes(11),
            (services, cancel) => services.GetRequiredService<SweepVerificationTokens>().Run(cancel)
        ),
        new("sweep-sessions", TimeSpan.FromMinutes(13), (services, cancel) => services.GetRequiredService<SweepSessions>().Run(cancel)),
        new("record-activity", TimeSpan.FromSeconds(50), (services, cancel) => services.GetRequiredService<RecordActivity>().Run(cancel)),
        new(
            "sweep-revocations",
            TimeSpan.FromMinutes(7),
            (services, cancel) => services.GetRequiredService<SweepRevocations>().Run(cancel)
        ),
        new("seal-books", TimeSpan.FromMilliseconds(400), (services, cancel) => services.GetRequiredService<SealBooks>().Run(cancel)),
        new("expire-credits", TimeSpan.FromSeconds(20), (services, cancel) => services.GetRequiredService<ExpireCredits>().Run(cancel)),
        new("reconcile-books", TimeSpan.FromMinutes(10), (services, cancel) => services.GetRequiredService<ReconcileBooks>().Run(cancel)),
        new(
            "look-for-password-formats",
            TimeSpan.FromMinutes(2),
            (services, cancel) => services.GetRequiredService<StoredFormats>().Look(cancel)
        ),
        new("sweep-rate-limits", TimeSpan.FromMinutes(5), (services, cancel) => services.GetRequiredService<SweepRateLimits>().Run(cancel)),
        new("sweep-attempts", TimeSpan.FromMinutes(9), (services, cancel) => services.GetRequiredService<SweepAttempts>().Run(cancel)),
        new(
            "erase-closed-accounts",
            TimeSpan.FromMinutes(17),
            (services, cancel) => services.GetRequiredService<EraseClosedAccounts>().Run(cancel)
        ),
    ];
}
