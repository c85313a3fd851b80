using Mana.Platform.Database;
using Npgsql;

namespace Mana.Ledger;

/// <summary>Who owns ledger accounts; the ledger does not know what a user or an organisation is.</summary>
public readonly record struct OwnerId(string Value) : IWrapped
{
    public override string ToString() => Value;
}

/// <summary>
/// The accounts of one owner, in one row: free, paid and held credits, and what was ever earned and spent. The database's constraints say
/// no a second time.
/// </summary>
/// <param name="Version">How many movements there were; the newest one's position.</param>
/// <param name="DailyGrantedAt">Start of the current 24-hour window of the daily grant.</param>
/// <param name="ExpiresAt">When a lot or a hold expires next; that is posted even if nobody calls.</param>
public sealed record LedgerAccount(
    OwnerId Owner,
    string OwnerKind,
    long Free,
    long Paid,
    long Held,
    long Earned,
    long Spent,
    long Version,
    DateTimeOffset DailyGrantedAt,
    DateTimeOffset? ExpiresAt
) : IRow<LedgerAccount>
{
    public const string Person = "person";

    public const string Organization = "organization";

    /// <summary>The most of anything here; the constraints of the table say the same of each bucket.</summary>
    private const long Most = 1_000_000_000_000_000;

    private static readonly TimeSpan DailyWindow = TimeSpan.FromHours(24);

    /// <summary>What can be spent now.</summary>
    public long Available => Free + Paid;

    /// <summary>All three buckets together, because what is held must be able to come back whatever arrived meanwhile.</summary>
    public bool IsWithinBounds => Free + Paid + Held <= Most && Earned <= Most && Spent <= Most;

    /// <summary>When the current 24-hour window ends.</summary>
    public DateTimeOffset NextDailyAt => DailyGrantedAt + DailyWindow;

    /// <summary>When something has to be posted before the next read or movement.</summary>
    public DateTimeOffset DueAt => ExpiresAt is { } expiry && expiry < NextDailyAt ? expiry : NextDailyAt;

    /// <summary>The start of the 24-hour window the instant lies in; windows move by whole days and so do not drift.</summary>
    public DateTimeOffset DailyWindowAt(DateTimeOffset now) =>
        DailyGrantedAt + (now - DailyGrantedAt).Ticks / DailyWindow.Ticks * DailyWindow;

    public static LedgerAccount Read(NpgsqlDataReader row) =>
        new(
            new OwnerId(row.GetString(0)),
            row.GetString(1),
            row.GetInt64(2),
            row.GetInt64(3),
            row.GetInt64(4),
            row.GetInt64(5),
            row.GetInt64(6),
            row.GetInt64(7),
            row.GetFieldValue<DateTimeOffset>(8),
            row.IsDBNull(9) ? null : row.GetFieldValue<DateTimeOffset>(9)
        );

    public static LedgerAccount Empty(OwnerId owner, string ownerKind, DateTimeOffset now) =>
        new(owner, ownerKind, 0, 0, 0, 0, 0, 0, now, null);
}
