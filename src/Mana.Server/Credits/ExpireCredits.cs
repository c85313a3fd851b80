using Mana.Ledger;
using Mana.Platform;
using Mana.Platform.Database;
using Mana.Platform.Jobs;
using Npgsql;

namespace Mana.Credits;

/// <summary>Posts lots and holds whose time has come, also for people who do not call, so that nothing is held for ever.</summary>
public sealed class ExpireCredits(Db db, TimeProvider clock)
{
    private const int PagesMax = 100;

    private static readonly Scope Expiring = Scope.Service("post what has expired");

    /// <summary>Walks along everybody something is due of, so that who cannot be helped stands in nobody's way.</summary>
    /// <returns>How many owners were looked after.</returns>
    /// <exception cref="AggregateException">Some could not be; the others were, and these are tried again at the next turn.</exception>
    public async Task<int> Run(CancellationToken cancel)
    {
        var (count, failures) = (0, new List<Exception>());
        var last = new DueOwner("", DateTimeOffset.MinValue);
        for (var (page, isLast) = (0, false); page < PagesMax && !isLast; page++)
        {
            var due = await db.All<DueOwner>(Expiring, DueOwner.After(last, clock.Now()), cancel);
            foreach (var owner in due)
            {
                try
                {
                    await db.Transact<Done>(Expiring, tx => Settle(tx, new OwnerId(owner.Id)), cancel);
                }
                catch (Exception cause) when (cause is not OperationCanceledException)
                {
                    failures.Add(cause);
                }
            }

            count += due.Count;
            isLast = due.Count < Recurring.BatchMax;
            last = isLast ? last : due[^1];
        }

        return failures.Count == 0 ? count : throw new AggregateException(failures);
    }

    private async Task<Outcome<Done>> Settle(Tx tx, OwnerId owner)
    {
        var now = clock.Now();
        if (await Books.Lock(tx, owner) is { } holdings)
        {
            var draft = new Draft(holdings);
            DuePostings.PostExpiries(draft, now);
            if (draft.Postings.Count > 0)
            {
                await Writing.Post(tx, draft.Postings, now);
            }
        }

        return Done.Yes;
    }

    private sealed record DueOwner(string Id, DateTimeOffset At) : IRow<DueOwner>
    {
        public static DueOwner Read(NpgsqlDataReader row) => new(row.GetString(0), row.GetFieldValue<DateTimeOffset>(1));

        /// <summary>The instants are bounded apart, so that the index is asked with them.</summary>
        public static Sql After(DueOwner last, DateTimeOffset now) =>
            $"""
                select owner_id, expires_at
                from credits.accounts
                where expires_at >= {last.At} and expires_at <= {now} and (expires_at, owner_id) > ({last.At}, {last.Id})
                order by expires_at, owner_id
                limit {Recurring.BatchMax}
                """;
    }
}
