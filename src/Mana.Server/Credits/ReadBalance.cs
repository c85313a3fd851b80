using Mana.Ledger;
using Mana.Platform;
using Mana.Platform.Database;

namespace Mana.Credits;

/// <summary>What somebody has now. Always the committed row; what is due is posted before it is read.</summary>
public sealed class ReadBalance(Db db, CreditSettings settings, PersonalLedger ledger, TimeProvider clock)
{
    private static readonly Scope Settling = Scope.Service("post what is due before a balance is read");

    public async Task<Outcome<LedgerAccount>> Run(UserId userId, CancellationToken cancel)
    {
        var account = await db.Find<LedgerAccount>(
            Scope.User(userId.Value),
            $"""
            select owner_id, owner_kind, free, paid, held, earned, spent, version, daily_granted_at, expires_at
            from credits.accounts
            where owner_id = {userId}
            """,
            cancel
        );
        if (account is not null && !DuePostings.AreDue(account, settings.DailyFree, clock.Now()))
        {
            return account;
        }

        // Under the lock the question is asked again: of two readers one posts.
        return await ledger.Move(Settling, userId, decision => Task.FromResult(Say.Later(_ => decision.Draft.Holdings.Account)), cancel);
    }
}
