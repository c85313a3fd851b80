using Mana.Ledger;
using Mana.Platform;
using Mana.Platform.Database;
using Mana.Platform.Jobs;

namespace Mana.Credits;

/// <summary>Posts lots and holds whose time has come, also for people who do not call, so that nothing is held for ever.</summary>
public sealed class ExpireCredits(Db db, TimeProvider clock)
{
    private static readonly Scope Expiring = Scope.Service("post what has expired");

    /// <returns>How many owners were looked after; at most one batch.</returns>
    public async Task<int> Run(CancellationToken cancel)
    {
        var due = await db.All<One<string>>(
            Expiring,
            $"""
            select owner_id from credits.accounts
            where expires_at <= {clock.Now()}
            order by expires_at
            limit {Recurring.BatchMax}
            """,
            cancel
        );
        foreach (var owner in due)
        {
            await db.Transact<Done>(Expiring, tx => Settle(tx, new OwnerId(owner.Value)), cancel);
        }

        return due.Count;
    }

    private async Task<Outcome<Done>> Settle(Tx tx, OwnerId owner)
    {
        var now = clock.Now();
        if (await Books.Lock(tx, owner) is { } holdings)
        {
            var draft = new Draft(holdings);
            DuePostings.PostExpiries(draft, now);
            if (draft.Postings.Count > 0)
            {
                await Writing.Post(tx, draft.Postings, now);
            }
        }

        return Done.Yes;
    }
}
