using Mana.Platform;
using Mana.Platform.Database;
using Mana.Platform.Jobs;

namespace Mana.Sessions;

/// <summary>Deletes what was announced more than an hour ago: no access token from before it lives any more.</summary>
public sealed class SweepRevocations(Db db, TimeProvider clock)
{
    public static readonly TimeSpan Kept = TimeSpan.FromHours(1);

    private static readonly Scope Sweeping = Scope.Service("delete announcements nobody needs any more");

    /// <returns>How many were deleted; at most one batch.</returns>
    public Task<int> Run(CancellationToken cancel)
    {
        var before = clock.Now() - Kept;

        // Locking a row takes the right to update it, which nobody has here. The order keeps two instances from a deadlock instead.
        return db.Run(
            Sweeping,
            $"""
            delete from auth.revocations where id in (
                select id from auth.revocations where at < {before} order by at, id limit {Recurring.BatchMax})
            """,
            cancel
        );
    }
}
