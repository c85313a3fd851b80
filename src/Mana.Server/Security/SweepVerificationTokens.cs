using Mana.Platform;
using Mana.Platform.Database;
using Mana.Platform.Jobs;

namespace Mana.Security;

/// <summary>Deletes mail secrets a day after they expired; until then "expired" and "invalid" can be told apart (ruling 12a).</summary>
public sealed class SweepVerificationTokens(Db db, TimeProvider clock)
{
    /// <summary>Counted from the end of the link.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromHours(24);

    private static readonly Scope Sweeping = Scope.Service("delete mail secrets that expired");

    /// <returns>How many were deleted; at most one batch.</returns>
    public Task<int> Run(CancellationToken cancel)
    {
        var before = clock.Now() - Kept;

        return db.Run(
            Sweeping,
            $"""
            delete from auth.verification_tokens where id in (
                select id from auth.verification_tokens where expires_at < {before} limit {Recurring.BatchMax} for update skip locked)
            """,
            cancel
        );
    }
}
