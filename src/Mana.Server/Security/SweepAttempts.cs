using Mana.Platform;
using Mana.Platform.Database;
using Mana.Platform.Jobs;

namespace Mana.Security;

/// <summary>Deletes tries that count for nothing any more. What happened stays in the security events.</summary>
public sealed class SweepAttempts(Db db, TimeProvider clock)
{
    /// <summary>Longer than a window and a lock together.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromHours(1);

    private static readonly Scope Sweeping = Scope.Service("delete tries that no longer count");

    /// <returns>How many were deleted; at most one batch.</returns>
    public Task<int> Run(CancellationToken cancel)
    {
        var before = clock.Now() - Kept;

        return db.Run(
            Sweeping,
            $"""
            delete from auth.login_attempts where id in (
                select id from auth.login_attempts where attempted_at < {before} limit {Recurring.BatchMax} for update skip locked)
            """,
            cancel
        );
    }
}
