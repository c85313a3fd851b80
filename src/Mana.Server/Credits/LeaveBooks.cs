using Mana.Ledger;
using Mana.Platform;
using Mana.Platform.Database;
using Mana.Users;

namespace Mana.Credits;

/// <summary>
/// Takes a person out of the books (ruling 18a): what is set aside comes back, what is left moves to the account of the erased by the ledger's
/// own rules, and their rows go on under a name nobody knows.
/// </summary>
public sealed class LeaveBooks(TimeProvider clock)
{
    /// <summary>More than one posting may hold, so a fortune leaves in several.</summary>
    private const long AmountMax = 1_000_000_000_000;

    private static readonly Entry Erased = new("adjustment", "system", "Account erased");

    /// <returns>How many movements the person had.</returns>
    public async Task<long> Run(Tx tx, User gone)
    {
        var owner = new OwnerId(gone.Id.Value);
        var holdings = await Books.Lock(tx, owner);
        if (holdings is not null)
        {
            await Empty(tx, holdings);
        }

        await tx.Run(Books.Detach(owner, gone.Email, new OwnerId($"deleted:{Ids.Text()}")));

        return holdings?.Account.Version ?? 0;
    }

    private async Task Empty(Tx tx, Holdings holdings)
    {
        var now = clock.Now();
        var draft = new Draft(holdings);
        DuePostings.PostExpiries(draft, now);
        foreach (var hold in draft.Holdings.Holds)
        {
            draft.Add(draft.Holdings.End(hold, HoldEnds.Released), HoldEntries.Released(hold), now, now);
        }

        DuePostings.PostExpiries(draft, now); // what came back to a lot that expired meanwhile
        while (draft.Holdings.Account.Available is > 0 and var left)
        {
            draft.Add(draft.Holdings.Spend(Math.Min(left, AmountMax), Accounts.Deleted)!, Erased, now, now);
        }

        if (draft.Postings.Count > 0)
        {
            await Writing.Post(tx, draft.Postings, now);
        }
    }
}
