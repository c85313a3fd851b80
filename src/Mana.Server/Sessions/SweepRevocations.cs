using Mana.Platform.Database;
using Mana.Platform.Jobs;

namespace Mana.Sessions;

/// <summary>
/// Deletes what was announced more than an hour before the newest: no access token from before it lives any more. The database gave the rows
/// their time, so it is compared with nothing but itself: an instance whose clock is ahead would delete what others still have to read.
/// </summary>
public sealed class SweepRevocations(Db db)
{
    public static readonly TimeSpan Kept = TimeSpan.FromHours(1);

    private static readonly Scope Sweeping = Scope.Service("delete announcements nobody needs any more");

    /// <returns>How many were deleted; at most one batch.</returns>
    public Task<int> Run(CancellationToken cancel) =>
        // Locking a row takes the right to update it, which nobody has here. The order keeps two instances from a deadlock instead.
        db.Run(
            Sweeping,
            $"""
            delete from auth.revocations where id in (
                select id from auth.revocations
                where at < (select max(at) from auth.revocations) - {(int)Kept.TotalSeconds} * interval '1 second'
                order by at, id limit {Recurring.BatchMax})
            """,
            cancel
        );
}
