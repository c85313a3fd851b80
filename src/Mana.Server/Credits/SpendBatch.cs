using Mana.Ledger;
using Mana.Platform;
using Mana.Platform.Database;

namespace Mana.Credits;

/// <summary>
/// Decides a group of spendings under the locks of their owners and writes what was decided: one round trip to lock and look, one to write.
/// Requests of one owner are decided in the order they came; a refusal touches nobody else.
/// </summary>
public sealed class SpendBatch(CreditSettings settings, PersonalLedger ledger, TimeProvider clock)
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
        var (mine, posted) = await Books.LockFree(
            tx,
            owners,
            Array.ConvertAll(keyed, request => request.Owner.Value),
            Array.ConvertAll(keyed, request => request.Spending.IdempotencyKey!)
        );

        return new Answers(
            await Decide(tx, [.. group.Where(request => mine.ContainsKey(request.Owner))], mine, posted),
            [.. group.Where(request => !mine.ContainsKey(request.Owner))]
        );
    }

    /// <summary>Waits for the row of the one owner all requests belong to, and opens it when there is none.</summary>
    public async Task<Outcome<Answers>> RunWaiting(Tx tx, List<SpendRequest> requests)
    {
        var owner = requests[0].Owner;
        var locked = await ledger.Lock(tx, new UserId(owner.Value));
        if (locked.IsRefused)
        {
            return new Answers([.. requests.Select(request => (request, (Outcome<Spent>)locked.Refusal!))], []);
        }

        var keys = requests.Select(request => request.Spending.IdempotencyKey).OfType<string>().Distinct(StringComparer.Ordinal).ToArray();
        var posted = await tx.All<LedgerTransaction>(Books.Posted([.. keys.Select(_ => owner.Value)], keys));

        return new Answers(await Decide(tx, requests, new Dictionary<OwnerId, Holdings> { [owner] = locked.Value }, posted), []);
    }

    private async Task<List<(SpendRequest Request, Outcome<Spent> Outcome)>> Decide(
        Tx tx,
        List<SpendRequest> requests,
        Dictionary<OwnerId, Holdings> holdings,
        List<LedgerTransaction> posted
    )
    {
        var now = clock.Now();
        var group = new Group(holdings, posted.ToDictionary(row => (row.Owner, row.IdempotencyKey!)), now);
        var decided = requests.Select(request => (request, Verdict: group.Decide(request, settings.DailyFree))).ToArray();
        var rows = group.Postings.Count == 0 ? [] : await Writing.Post(tx, group.Postings, now);

        return [.. decided.Select(each => (each.request, each.Verdict(rows)))];
    }

    /// <summary>The accounts of a group as they change from request to request.</summary>
    private sealed class Group(
        Dictionary<OwnerId, Holdings> holdings,
        Dictionary<(OwnerId Owner, string Key), LedgerTransaction> posted,
        DateTimeOffset now
    )
    {
        private readonly Dictionary<(OwnerId Owner, string Key), int> _here = [];

        private readonly Dictionary<OwnerId, Draft> _drafts = [];

        public List<Posting> Postings { get; } = [];

        /// <summary>The verdict is known at once; the history row it shows is known when the group was written.</summary>
        public Func<LedgerTransaction[], Outcome<Spent>> Decide(SpendRequest request, long dailyFree)
        {
            var (owner, spending) = (request.Owner, request.Spending);
            if (holdings[owner].Account.OwnerKind != LedgerAccount.Person)
            {
                return _ => Refusals.UserNotFound;
            }

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

            var draft = DraftOf(owner);
            DuePostings.Post(draft, dailyFree, now);
            if (draft.Holdings.Spend(spending.Amount, Accounts.App(spending.AppId)) is not { } movement)
            {
                var refusal = Refusals.InsufficientCredits.With(
                    ("required", spending.Amount),
                    ("available", draft.Holdings.Account.Available)
                );
                return _ => refusal;
            }

            if (!movement.After.Account.IsWithinBounds)
            {
                return _ => Refusals.BalanceTooHigh;
            }

            var place = draft.Add(
                movement,
                new Entry("usage", spending.AppId, spending.Description, spending.Metadata, spending.IdempotencyKey, request.Fingerprint),
                now,
                now
            );
            if (spending.IdempotencyKey is { } used)
            {
                _here[(owner, used)] = place;
            }

            return rows => new Spent(rows[place], movement.After.Account);
        }

        private Draft DraftOf(OwnerId owner)
        {
            if (!_drafts.TryGetValue(owner, out var draft))
            {
                _drafts[owner] = draft = new Draft(holdings[owner], Postings);
            }

            return draft;
        }

        private static Outcome<Spent> Replay(LedgerTransaction earlier, SpendRequest request) =>
            IdempotencyKeys.IsSame(earlier, request.Fingerprint) ? new Spent(earlier, null) : Refusals.IdempotencyKeyMismatch;
    }
}
