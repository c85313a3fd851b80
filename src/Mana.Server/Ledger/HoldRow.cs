using Mana.Platform.Database;
using Npgsql;

namespace Mana.Ledger;

/// <summary>A hold, open or ended.</summary>
/// <param name="EndedSeq">The position that ended it, and <paramref name="EndedAs"/> how; both null while it is open.</param>
public sealed record HoldRow(OwnerId Owner, Guid Id, long Amount, DateTimeOffset ExpiresAt, long? EndedSeq, string? EndedAs) : IRow<HoldRow>
{
    public static HoldRow Read(NpgsqlDataReader row) =>
        new(
            new OwnerId(row.GetString(0)),
            row.GetGuid(1),
            row.GetInt64(2),
            row.GetFieldValue<DateTimeOffset>(3),
            row.IsDBNull(4) ? null : row.GetInt64(4),
            row.IsDBNull(5) ? null : row.GetString(5)
        );

    /// <summary>The hold that began at a position.</summary>
    public static Sql At(OwnerId owner, long seq) =>
        $"""
            select owner_id, id, amount, expires_at, ended_seq, ended_as
            from credits.holds
            where owner_id = {owner} and seq = {seq}
            """;

    public static Sql Of(Guid id, string kind) =>
        $"""
            select owner_id, id, amount, expires_at, ended_seq, ended_as
            from credits.holds
            where id = {id} and kind = {kind}
            """;
}
