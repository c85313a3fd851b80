using System.Collections.Immutable;
using Mana.Platform.Database;
using Npgsql;

namespace Mana.Ledger;

/// <summary>A part of an amount: the bucket it comes from, and the lot if it is of one.</summary>
public readonly record struct Portion(string Bucket, long? Lot, long Amount);

/// <summary>Credits set aside. A hold ends once: committed in part or whole, released, or expired.</summary>
/// <param name="Seq">Its position in the owner's history.</param>
/// <param name="Portions">In the order they were taken; what is committed is taken from the front.</param>
public sealed record Hold(
    Guid Id,
    string Kind,
    long Seq,
    string AppId,
    string Reason,
    DateTimeOffset ExpiresAt,
    DateTimeOffset CreatedAt,
    ImmutableArray<Portion> Portions
)
{
    public const int OpenMax = 100;

    /// <summary>As it is asked for: without its position and portions, which the holdings find.</summary>
    public static Hold New(Guid id, string kind, string appId, string reason, DateTimeOffset expiresAt, DateTimeOffset now) =>
        new(id, kind, 0, appId, reason, expiresAt, now, []);

    public long Amount => Portions.Sum(portion => portion.Amount);
}

/// <summary>What credits are set aside for. Who ends a hold asks for its kind, so that nobody ends what is none of theirs.</summary>
public static class HoldKinds
{
    /// <summary>For an operation that is still running.</summary>
    public const string Reservation = "reservation";

    /// <summary>For somebody else.</summary>
    public const string Gift = "gift";
}

/// <summary>How a hold ended.</summary>
public static class HoldEnds
{
    public const string Committed = "committed";

    public const string Released = "released";

    public const string Expired = "expired";
}

/// <summary>The end of a hold, as a movement brings it about.</summary>
public sealed record HoldEnd(Guid HoldId, string As);

/// <summary>One portion of an open hold as it is read; a hold of two portions is two rows.</summary>
public sealed record HeldPortion(OwnerId Owner, Hold Hold, Portion Portion) : IRow<HeldPortion>
{
    public static HeldPortion Read(NpgsqlDataReader row) =>
        new(
            new OwnerId(row.GetString(0)),
            new Hold(
                row.GetGuid(1),
                row.GetString(2),
                row.GetInt64(3),
                row.GetString(4),
                row.GetString(5),
                row.GetFieldValue<DateTimeOffset>(6),
                row.GetFieldValue<DateTimeOffset>(7),
                []
            ),
            new Portion(row.GetString(8), row.IsDBNull(9) ? null : row.GetInt64(9), row.GetInt64(10))
        );

    /// <summary>The holds of one owner, put together from rows that stand in the order of their portions.</summary>
    public static ImmutableArray<Hold> Whole(IEnumerable<HeldPortion> rows) =>
        [.. rows.GroupBy(row => row.Hold.Id).Select(own => own.First().Hold with { Portions = [.. own.Select(row => row.Portion)] })];
}
