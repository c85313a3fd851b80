using Mana.Platform;
using Mana.Platform.Database;
using Mana.Platform.Jobs;

namespace Mana.Sessions;

/// <summary>
/// Deletes sessions that ended long ago. They stay for thirty days, so that a replayed refresh token of one is still recognised and an
/// investigation finds the device.
/// </summary>
public sealed class SweepSessions(Db db, TimeProvider clock)
{
    /// <summary>Counted from the end of the session.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromDays(30);

    private static readonly Scope Sweeping = Scope.Service("delete sessions that ended long ago");

    /// <returns>How many were deleted; at most one batch.</returns>
    public Task<int> Run(CancellationToken cancel)
    {
        var before = clock.Now() - Kept;

        return db.Run(
            Sweeping,
            $"""
            delete from auth.sessions where id in (
                select id from auth.sessions where expires_at < {before} limit {Recurring.BatchMax} for update skip locked)
            """,
            cancel
        );
    }
}
