using Mana.Platform.Database;
using Mana.Platform.Jobs;

namespace Mana.Platform.Http;

/// <summary>Deletes windows of limits that are over.</summary>
public sealed class SweepRateLimits(Db db, TimeProvider clock)
{
    private static readonly Scope Sweeping = Scope.Service("delete windows of limits that are over");

    /// <returns>How many were deleted; at most one batch.</returns>
    public Task<int> Run(CancellationToken cancel)
    {
        var now = clock.Now();

        return db.Run(
            Sweeping,
            $"""
            delete from auth.rate_limits where key in (
                select key from auth.rate_limits where expires_at < {now} limit {Recurring.BatchMax} for update skip locked)
            """,
            cancel
        );
    }
}
