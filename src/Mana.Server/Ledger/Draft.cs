using Mana.Platform;
using Mana.Platform.Database;

namespace Mana.Ledger;

/// <summary>One movement that was decided, and what it is about.</summary>
public sealed record Posting(Holdings Before, Movement Movement, Entry Entry, Guid Id, DateTimeOffset At)
{
    public LedgerAccount From => Before.Account;

    public LedgerAccount To => Movement.After.Account;

    /// <summary>The history row as it will stand.</summary>
    public LedgerTransaction Row() =>
        new(
            To.Owner,
            To.Version,
            Id,
            Entry.Type,
            Entry.Status,
            To.Available - From.Available,
            From.Available,
            To.Available,
            Entry.AppId,
            Entry.Description,
            Entry.OrganizationId,
            Entry.Metadata,
            Entry.IdempotencyKey,
            Entry.Fingerprint,
            At,
            Entry.Status == "pending" ? null : At
        );
}

/// <summary>
/// The movements of one owner as they are decided one after another under the lock. They are written together, with those of other owners
/// if the list is shared.
/// </summary>
public sealed class Draft(Holdings start, List<Posting> postings)
{
    public Draft(Holdings start)
        : this(start, []) { }

    /// <summary>What the owner holds after the movements so far.</summary>
    public Holdings Holdings { get; private set; } = start;

    public IReadOnlyList<Posting> Postings => postings;

    /// <summary>When the newest movement of this draft took place.</summary>
    public DateTimeOffset NewestAt { get; private set; }

    /// <returns>The place of the movement in the list.</returns>
    public int Add(Movement movement, Entry entry, DateTimeOffset at, DateTimeOffset now)
    {
        Invariant.Holds(movement.After.Account.Version == Holdings.Account.Version + 1);
        postings.Add(new Posting(Holdings, movement, Stored(entry), Ids.Uuid(now), at));
        (Holdings, NewestAt) = (movement.After, at);

        return postings.Count - 1;
    }

    /// <summary>With metadata as the database gives it back, because it is hashed before it is stored.</summary>
    private static Entry Stored(Entry entry)
    {
        if (entry.Metadata is not { } sent)
        {
            return entry;
        }

        var kept = JsonbText.Of(sent);
        Invariant.Holds(kept is not null); // doors refuse what cannot be kept

        return entry with
        {
            Metadata = kept,
        };
    }
}
