using Mana.Ledger;
using Mana.Platform;
using Mana.Platform.Database;

namespace Mana.Credits;

/// <summary>Opens the accounts of a new person and gives them their first credits, exactly once: the owner's row is the proof.</summary>
public sealed class OpeningGrant(CreditSettings settings)
{
    public Sql[] Open(UserId userId, DateTimeOffset now)
    {
        var empty = LedgerAccount.Empty(new OwnerId(userId.Value), LedgerAccount.Person, now, DailyGrant.NextAfter(now));
        var entry = new Entry("bonus", "system", "Signup bonus", Metadata: null, IdempotencyKey: null, Fingerprint: null);

        return Books.Open(empty, settings.SignupBonus == 0 ? null : empty.GrantFree(settings.SignupBonus), entry, now);
    }
}
