using Mana.Ledger;
using Mana.Platform;
using Mana.Platform.Database;

namespace Mana.Credits;

/// <summary>
/// Decides a group of spendings under the locks of their owners and writes what was decided: one round trip to lock and look, one to write.
/// Requests of one owner are decided in the order they came; a refusal touches nobody else.
/// </summary>
public sealed class SpendBatch(CreditSettings settings, OpeningGrant opening, TimeProvider clock)
{
    /// <param name="Said">What each request is answered, once the transaction has committed.</param>
    /// <param name="Locked">Requests whose owner's row somebody else holds, or who has none yet.</param>
    public sealed record Answers(List<(SpendRequest Request, Outcome<Spent> Outcome)> Said, List<SpendRequest> Locked);

    /// <summary>Takes only locks that are free.</summary>
    public async Task<Outcome<Answers>> Run(Tx tx, List<SpendRequest> group)
    {
        var owners = group.Select(request => request.Owner.Value).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToArray();
        var keyed = group
            .Where(request => request.Spending.IdempotencyKey is not null)
            .DistinctBy(request => (request.Owner, request.Spending.IdempotencyKey))
            .ToArray();
        var (accounts, posted) = await Books.LockFree(
            tx,
            owners,
            Array.ConvertAll(keyed, request => request.Owner.Value),
            Array.ConvertAll(keyed, request => request.Spending.IdempotencyKey!)
        );
        var mine = accounts.ToDictionary(account => account.Owner);

        return new Answers(
            await Decide(tx, [.. group.Where(request => mine.ContainsKey(request.Owner))], mine, posted),
            [.. group.Where(request => !mine.ContainsKey(request.Owner))]
        );
    }

    /// <summary>Waits for the row of the one owner all requests belong to, and opens it when there is none.</summary>
    public async Task<Outcome<Answers>> RunWaiting(Tx tx, List<SpendRequest> requests)
    {
        var owner = requests[0].Owner;
        var account = await Books.Lock(tx, owner);
        if (account is null)
        {
            await tx.Run(opening.Open(new UserId(owner.Value), clock.Now()));
            account = await Books.Lock(tx, owner);
            Invariant.Holds(account is not null);
        }

        var keys = requests.Select(request => request.Spending.IdempotencyKey).OfType<string>().Distinct(StringComparer.Ordinal).ToArray();
        var posted = await tx.All<LedgerTransaction>(Books.Posted([.. keys.Select(_ => owner.Value)], keys));

        return new Answers(await Decide(tx, requests, new Dictionary<OwnerId, LedgerAccount> { [owner] = account }, posted), []);
    }

    private async Task<List<(SpendRequest Request, Outcome<Spent> Outcome)>> Decide(
        Tx tx,
        List<SpendRequest> requests,
        Dictionary<OwnerId, LedgerAccount> accounts,
        List<LedgerTransaction> posted
    )
    {
        var now = clock.Now();
        var group = new Group(accounts, posted.ToDictionary(row => (row.Owner, row.IdempotencyKey!)), now);
        var decided = requests.Select(request => (request, Verdict: group.Decide(request, settings.DailyFree))).ToArray();
        var rows = group.Postings.Count == 0 ? [] : await Books.Post(tx, group.Postings, now);

        return [.. decided.Select(each => (each.request, each.Verdict(rows)))];
    }

    /// <summary>The accounts of a group as they change from request to request.</summary>
    private sealed class Group(
        Dictionary<OwnerId, LedgerAccount> accounts,
        Dictionary<(OwnerId Owner, string Key), LedgerTransaction> posted,
        DateTimeOffset now
    )
    {
        private readonly Dictionary<(OwnerId Owner, string Key), int> _here = [];

        public List<Posting> Postings { get; } = [];

        /// <summary>The verdict is known at once; the history row it shows is known when the group was written.</summary>
        public Func<LedgerTransaction[], Outcome<Spent>> Decide(SpendRequest request, long dailyFree)
        {
            var (owner, spending) = (request.Owner, request.Spending);
            if (spending.IdempotencyKey is { } key)
            {
                if (posted.TryGetValue((owner, key), out var earlier))
                {
                    return _ => Replay(earlier, request);
                }

                if (_here.TryGetValue((owner, key), out var twin))
                {
                    return rows => Replay(rows[twin], request);
                }
            }

            if (DailyGrant.IsDue(accounts[owner], dailyFree, now))
            {
                Add(DailyGrant.Of(accounts[owner], dailyFree, now), DailyGrant.Entry);
            }

            var account = accounts[owner];
            if (account.Spend(spending.Amount, spending.AppId) is not { } movement)
            {
                var refusal = Refusals.InsufficientCredits.With(("required", spending.Amount), ("available", account.Available));
                return _ => refusal;
            }

            Add(
                movement,
                new Entry("usage", spending.AppId, spending.Description, spending.Metadata, spending.IdempotencyKey, request.Fingerprint)
            );
            var place = Postings.Count - 1;
            if (spending.IdempotencyKey is { } used)
            {
                _here[(owner, used)] = place;
            }

            return rows => new Spent(rows[place], movement.After);
        }

        private void Add(Movement movement, Entry entry)
        {
            var owner = movement.After.Owner;
            Postings.Add(new Posting(accounts[owner], movement.After, movement.Transfers, entry, Ids.Uuid(now)));
            accounts[owner] = movement.After;
        }

        private static Outcome<Spent> Replay(LedgerTransaction earlier, SpendRequest request) =>
            earlier.Fingerprint.AsSpan().SequenceEqual(request.Fingerprint) ? new Spent(earlier, null) : Refusals.IdempotencyKeyMismatch;
    }
}
