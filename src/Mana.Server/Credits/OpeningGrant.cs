using Mana.Ledger;
using Mana.Platform;
using Mana.Platform.Database;

namespace Mana.Credits;

/// <summary>Opens the accounts of a new person and gives them their first credits, exactly once: the owner's row is the proof.</summary>
public sealed class OpeningGrant(CreditSettings settings)
{
    private static readonly Entry Entry = new("bonus", "system", "Signup bonus");

    /// <summary>The statements, for the transaction that creates the person.</summary>
    public Sql[] Open(UserId userId, DateTimeOffset now)
    {
        var holdings = Holdings.New(LedgerAccount.Empty(new OwnerId(userId.Value), LedgerAccount.Person, now));
        var draft = new Draft(holdings);
        if (settings.SignupBonus > 0)
        {
            draft.Add(draft.Holdings.Receive(Accounts.Free, Accounts.Issuer, settings.SignupBonus), Entry, now, now);
        }

        return Writing.Open(holdings, draft.Postings, now);
    }
}
