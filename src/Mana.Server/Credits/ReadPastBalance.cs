using Mana.Ledger;
using Mana.Platform;
using Mana.Platform.Database;

namespace Mana.Credits;

/// <summary>
/// What somebody had at an instant. Holds and lots whose time came before it count as gone, whenever they were noticed: they are posted
/// first, each at its own instant.
/// </summary>
public sealed class ReadPastBalance(Db db, ReadBalance balance, TimeProvider clock)
{
    private static readonly Scope Reading = Scope.Service("read a balance of the past");

    public async Task<Outcome<PastBalance>> Run(UserId userId, DateTimeOffset instant, CancellationToken cancel)
    {
        if (instant > clock.Now())
        {
            return Refusals.InstantNotYet;
        }

        var settled = await balance.Run(userId, cancel);
        if (settled.IsRefused)
        {
            return settled.Refusal!;
        }

        return (await db.Find<PastBalance>(Reading, PastBalance.At(new OwnerId(userId.Value), instant), cancel))!;
    }
}
