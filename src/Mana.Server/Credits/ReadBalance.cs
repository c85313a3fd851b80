using Mana.Ledger;
using Mana.Platform;
using Mana.Platform.Database;

namespace Mana.Credits;

/// <summary>What somebody has now. Always the committed row; a due daily grant is posted before it is read.</summary>
public sealed class ReadBalance(Db db, CreditSettings settings, OpeningGrant opening, TimeProvider clock)
{
    private static readonly Scope Granting = Scope.Service("post what is due before a balance is read");

    public async Task<LedgerAccount> Run(UserId userId, CancellationToken cancel)
    {
        var account = await db.Find<LedgerAccount>(
            Scope.User(userId.Value),
            $"""
            select owner_id, owner_kind, free, paid, held, earned, spent, version, daily_granted_at, due_at
            from credits.accounts
            where owner_id = {userId}
            """,
            cancel
        );
        if (account is not null && !DailyGrant.IsDue(account, settings.DailyFree, clock.Now()))
        {
            return account;
        }

        var granted = await db.Transact<LedgerAccount>(Granting, async tx => await Grant(tx, userId), cancel);

        return granted.Value;
    }

    private async Task<LedgerAccount> Grant(Tx tx, UserId userId)
    {
        var now = clock.Now();
        var owner = new OwnerId(userId.Value);
        var account = await Books.Lock(tx, owner);
        if (account is null)
        {
            await tx.Run(opening.Open(userId, now));
            account = await Books.Lock(tx, owner);
            Invariant.Holds(account is not null);
        }

        // Under the lock the question is asked again: of two readers one posts the grant.
        if (!DailyGrant.IsDue(account, settings.DailyFree, now))
        {
            return account;
        }

        var (after, transfers) = DailyGrant.Of(account, settings.DailyFree, now);
        await Books.Post(tx, [new Posting(account, after, transfers, DailyGrant.Entry, Ids.Uuid(now))], now);

        return after;
    }
}
