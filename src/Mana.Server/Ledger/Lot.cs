using Mana.Platform.Database;
using Npgsql;

namespace Mana.Ledger;

/// <summary>Credits of one bucket that expire, or go before others. What is left of it is part of the bucket.</summary>
/// <param name="Id">The position that opened it times 256, plus its place there; so ids grow with age.</param>
/// <param name="Priority">0 to 1,000; lower goes first.</param>
/// <param name="Held">What holds have taken from it and may give back.</param>
public sealed record Lot(
    long Id,
    string Bucket,
    int Priority,
    DateTimeOffset? ExpiresAt,
    long Remaining,
    long Held,
    DateTimeOffset OpenedAt
)
{
    /// <summary>The order of spending (ruling 18b): free before paid, priority, expiry, age.</summary>
    public static readonly Comparer<Lot> SpendingOrder = Comparer<Lot>.Create(Compare);

    public const int OpenMax = 100;

    public const int PriorityMax = 1_000;

    public const int PriorityDefault = 100;

    private const int PlacesPerPosition = 256;

    public bool IsOpen => Remaining > 0 || Held > 0;

    public static long IdAt(long seq, int place) => seq * PlacesPerPosition + place;

    /// <summary>The position that opened it.</summary>
    public static long SeqOf(long id) => id / PlacesPerPosition;

    /// <summary>When what is left goes; null when nothing is left that could.</summary>
    public DateTimeOffset? DueAt => Remaining > 0 ? ExpiresAt : null;

    private static int Compare(Lot one, Lot other)
    {
        // 'free' stands before 'paid' in the alphabet too.
        var order = string.CompareOrdinal(one.Bucket, other.Bucket);
        order = order != 0 ? order : one.Priority.CompareTo(other.Priority);
        order = order != 0 ? order : (one.ExpiresAt ?? DateTimeOffset.MaxValue).CompareTo(other.ExpiresAt ?? DateTimeOffset.MaxValue);

        return order != 0 ? order : one.Id.CompareTo(other.Id);
    }
}

/// <summary>An open lot as it is read, with its owner.</summary>
public sealed record OwnedLot(OwnerId Owner, Lot Lot) : IRow<OwnedLot>
{
    public static OwnedLot Read(NpgsqlDataReader row) =>
        new(
            new OwnerId(row.GetString(0)),
            new Lot(
                row.GetInt64(1),
                row.GetString(2),
                row.GetInt16(3),
                row.IsDBNull(4) ? null : row.GetFieldValue<DateTimeOffset>(4),
                row.GetInt64(5),
                row.GetInt64(6),
                row.GetFieldValue<DateTimeOffset>(7)
            )
        );
}
