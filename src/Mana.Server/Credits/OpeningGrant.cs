using Mana.Ledger;
using Mana.Platform;
using Mana.Platform.Database;

namespace Mana.Credits;

/// <summary>Opens the accounts of a new person and gives them their first credits, exactly once: the owner's row is the proof.</summary>
public sealed class OpeningGrant(CreditSettings settings)
{
    private static readonly Entry Entry = new("bonus", "system", "Signup bonus", Metadata: null, IdempotencyKey: null, Fingerprint: null);

    /// <summary>The statements, for the transaction that creates the person.</summary>
    public Sql[] Open(UserId userId, DateTimeOffset now)
    {
        var empty = LedgerAccount.Empty(new OwnerId(userId.Value), LedgerAccount.Person, now, DailyGrant.NextAfter(now));
        if (settings.SignupBonus == 0)
        {
            return [Books.Open(empty, now)];
        }

        var (after, transfers) = empty.GrantFree(settings.SignupBonus);

        return [Books.Open(empty, now), .. Books.Write([new Posting(empty, after, transfers, Entry, Ids.Uuid(now))], now)];
    }
}
