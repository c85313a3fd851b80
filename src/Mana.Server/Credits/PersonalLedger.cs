using Mana.Ledger;
using Mana.Platform;
using Mana.Platform.Database;

namespace Mana.Credits;

/// <summary>What a decision is made on: the owner's holdings with nothing due, and the transaction for what else must be read.</summary>
/// <param name="Draft">Movements that are added to it are written when the decision answers.</param>
public sealed record Decision(Tx Tx, Draft Draft, DateTimeOffset Now)
{
    public OwnerId Owner => Draft.Holdings.Account.Owner;

    /// <returns>The place of the movement among the rows that will be written.</returns>
    public int Add(Movement movement, Entry entry) => Draft.Add(movement, entry, Now, Now);

    /// <summary>The row an idempotency key was used for, if it was.</summary>
    public async Task<LedgerTransaction?> Posted(string? key) =>
        key is null ? null : await Tx.Find<LedgerTransaction>(Books.Posted([Owner.Value], [key]));
}

/// <summary>What is answered once the rows are written; they stand in the order they were drafted.</summary>
public delegate T Saying<out T>(IReadOnlyList<LedgerTransaction> rows);

public static class Say
{
    public static Outcome<Saying<T>> Now<T>(T answer) => new Saying<T>(_ => answer);

    public static Outcome<Saying<T>> Later<T>(Saying<T> answer) => answer;
}

/// <summary>What a person holds, under their lock; opened with the opening grant when they have no account yet.</summary>
public sealed class PersonalLedger(Db db, CreditSettings settings, OpeningGrant opening, TimeProvider clock)
{
    /// <summary>
    /// Takes the owner's lock, posts what is due, lets the verb decide and writes every movement it drafted. A refusal writes nothing.
    /// </summary>
    public Task<Outcome<T>> Move<T>(Scope why, UserId userId, Func<Decision, Task<Outcome<Saying<T>>>> decide, CancellationToken cancel) =>
        db.Transact<T>(
            why,
            async tx =>
            {
                var locked = await Lock(tx, userId);
                if (locked.IsRefused)
                {
                    return locked.Refusal!;
                }

                var now = clock.Now();
                var draft = new Draft(locked.Value);
                DuePostings.Post(draft, settings.DailyFree, now);
                var decided = await decide(new Decision(tx, draft, now));
                if (decided.IsRefused)
                {
                    return decided.Refusal!;
                }

                // A hold that has just ended may have given credits back to a lot that expired meanwhile.
                DuePostings.PostExpiries(draft, now);
                if (!draft.Postings.All(posting => posting.To.IsWithinBounds))
                {
                    return Refusals.BalanceTooHigh;
                }

                var rows = draft.Postings.Count == 0 ? [] : await Writing.Post(tx, draft.Postings, now);

                return decided.Value(rows);
            },
            cancel
        );

    /// <summary>
    /// The same for two owners, under the locks of both, which are taken together in the order of their ids; what is drafted for either is
    /// written together. People are opened an account beforehand, by <see cref="Open"/>.
    /// </summary>
    /// <param name="missing">When one of them has no account.</param>
    public Task<Outcome<T>> MoveBetween<T>(
        Scope why,
        (OwnerId One, OwnerId Other) owners,
        Refusal missing,
        Func<Decision, Decision, Task<Outcome<Saying<T>>>> decide,
        CancellationToken cancel
    ) =>
        db.Transact<T>(
            why,
            async tx =>
            {
                Invariant.Holds(owners.One != owners.Other);
                var locked = await Books.LockAll(tx, [owners.One.Value, owners.Other.Value]);
                if (locked.Count < 2)
                {
                    return missing;
                }

                var (now, postings) = (clock.Now(), new List<Posting>());
                Draft[] drafts = [new(locked[owners.One], postings), new(locked[owners.Other], postings)];
                Array.ForEach(drafts, draft => DuePostings.Post(draft, settings.DailyFree, now));
                var decided = await decide(new Decision(tx, drafts[0], now), new Decision(tx, drafts[1], now));
                if (decided.IsRefused)
                {
                    return decided.Refusal!;
                }

                Array.ForEach(drafts, draft => DuePostings.PostExpiries(draft, now));
                if (!postings.TrueForAll(posting => posting.To.IsWithinBounds))
                {
                    return Refusals.BalanceTooHigh;
                }

                var rows = postings.Count == 0 ? [] : await Writing.Post(tx, postings, now);

                return decided.Value(rows);
            },
            cancel
        );

    /// <summary>Opens the account of somebody who has none.</summary>
    public Task<Outcome<Done>> Open(Scope why, UserId userId, CancellationToken cancel) =>
        db.Transact<Done>(why, async tx => (await Lock(tx, userId)).Then(_ => Done.Yes), cancel);

    /// <returns>
    /// A refusal when nobody has this id, so that nothing is opened for somebody who was erased, and when it is no person's: neither the pool of an
    /// organisation nor the name the books of the erased go on under.
    /// </returns>
    public async Task<Outcome<Holdings>> Lock(Tx tx, UserId userId)
    {
        var owner = new OwnerId(userId.Value);
        if (await Books.Lock(tx, owner) is { } known)
        {
            return OfPerson(known);
        }

        // There is no row to lock yet, so those who open the same account take turns at its name.
        await tx.Run($"select pg_advisory_xact_lock(hashtextextended({owner}, 0))");
        if (await Books.Lock(tx, owner) is { } opened)
        {
            return OfPerson(opened);
        }

        if (await tx.Value<string>($"select id from auth.users where id = {userId} and deleted_at is null for share") is null)
        {
            return Refusals.UserNotFound;
        }

        await tx.Run(opening.Open(userId, clock.Now()));

        return (await Books.Lock(tx, owner))!;
    }

    private static Outcome<Holdings> OfPerson(Holdings known) =>
        known.Account.OwnerKind == LedgerAccount.Person ? known : Refusals.UserNotFound;
}
