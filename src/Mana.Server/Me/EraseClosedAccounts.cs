using Mana.Platform;
using Mana.Platform.Database;
using Mana.Platform.Jobs;

namespace Mana.Me;

/// <summary>Erases people whose account has been closed for thirty days (ruling 12b); until then an operator can open it again.</summary>
public sealed class EraseClosedAccounts(Db db, ErasePerson erase, TimeProvider clock)
{
    /// <summary>Counted from the closing.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromDays(30);

    private static readonly Scope Looking = Scope.Service("find accounts that were closed long ago");

    /// <returns>How many were due; at most one batch.</returns>
    /// <exception cref="AggregateException">Some could not be erased; the others were, and these are tried again at the next turn.</exception>
    public async Task<int> Run(CancellationToken cancel)
    {
        var before = clock.Now() - Kept;
        var due = await db.All<One<string>>(
            Looking,
            $"select id from auth.users where deleted_at < {before} order by deleted_at limit {Recurring.BatchMax}",
            cancel
        );
        var failures = new List<Exception>();
        foreach (var id in due)
        {
            try
            {
                // Refused when another instance was first, or an operator opened the account at this very moment.
                await erase.RunIfClosed(new UserId(id.Value), before, cancel);
            }
            catch (Exception cause) when (cause is not OperationCanceledException)
            {
                failures.Add(cause); // one person who cannot be erased must not keep all others
            }
        }

        return failures.Count == 0 ? due.Count : throw new AggregateException(failures);
    }
}
