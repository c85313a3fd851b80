using Mana.Platform.Database;
using Mana.Platform.Jobs;
using Mana.Platform.Telemetry;
using Npgsql;

namespace Mana.Ledger;

/// <summary>
/// Walks along all owners for ever and compares what each holds with the newest row of their history and with their open holds. It reads
/// three rows of an owner, so it can run beside everything else and tells soon; <see cref="CheckBooks"/> recomputes everything and is for an
/// operator. A fault is logged as an error and counted (runbook books-do-not-balance); nothing is repaired by itself.
/// </summary>
public sealed partial class ReconcileBooks(Db db, ILogger<ReconcileBooks> logger)
{
    private static readonly Scope Reconciling = Scope.Service("reconcile the books");

    // Several instances each walk for themselves: it costs little, and none has to know of another.
    private string _after = "";

    /// <returns>How many owners were looked at; at most one batch.</returns>
    public async Task<int> Run(CancellationToken cancel)
    {
        var owners = await db.All<Standing>(
            Reconciling,
            $"""
            select a.owner_id, coalesce(newest.seq, 0),
                a.version is not distinct from coalesce(newest.seq, 0)
                    and a.free::numeric + a.paid is not distinct from coalesce(newest.balance_after, 0)
                    and a.held is not distinct from open.held
            from (
                select owner_id, version, free, paid, held
                from credits.accounts
                where owner_id > {_after}
                order by owner_id
                limit {Recurring.BatchMax}
            ) a
            left join lateral (
                select t.seq, t.balance_after from credits.transactions t where t.owner_id = a.owner_id order by t.seq desc limit 1
            ) newest on true
            cross join lateral (
                select coalesce(sum(h.amount), 0) as held from credits.holds h where h.owner_id = a.owner_id and h.ended_seq is null
            ) open
            order by a.owner_id
            """,
            cancel
        );
        foreach (var owner in owners.Where(owner => !owner.IsSound))
        {
            Signals.BooksFaulty();
            Faulty(logger, owner.Owner, owner.Seq);
        }

        Signals.BooksReconciled(owners.Count);
        _after = owners.Count < Recurring.BatchMax ? "" : owners[^1].Owner;

        return owners.Count;
    }

    [LoggerMessage(
        EventId = 500,
        Level = LogLevel.Error,
        Message = "The books do not balance: owner {Owner} at position {Seq}; see check-books"
    )]
    private static partial void Faulty(ILogger logger, string owner, long seq);

    /// <summary>Compared where the numbers are: one that is beyond all bounds, or missing, must not keep everybody else from being looked at.</summary>
    private sealed record Standing(string Owner, long Seq, bool IsSound) : IRow<Standing>
    {
        public static Standing Read(NpgsqlDataReader row) => new(row.GetString(0), row.GetInt64(1), row.GetBoolean(2));
    }
}
