using Mana.Platform.Database;
using Npgsql;

namespace Mana.Ledger;

/// <summary>One position of an owner's history, made of transfers. Amount is signed: what the owner can spend changed by it.</summary>
/// <param name="Fingerprint">Hash of the terms an idempotency key was used with; null without a key.</param>
public sealed record LedgerTransaction(
    OwnerId Owner,
    long Seq,
    Guid Id,
    string Type,
    string Status,
    long Amount,
    long BalanceBefore,
    long BalanceAfter,
    string AppId,
    string Description,
    string? OrganizationId,
    string? Metadata,
    string? IdempotencyKey,
    byte[]? Fingerprint,
    DateTimeOffset CreatedAt,
    DateTimeOffset? CompletedAt
) : IRow<LedgerTransaction>
{
    public static LedgerTransaction Read(NpgsqlDataReader row) =>
        new(
            new OwnerId(row.GetString(0)),
            row.GetInt64(1),
            row.GetGuid(2),
            row.GetString(3),
            row.GetString(4),
            row.GetInt64(5),
            row.GetInt64(6),
            row.GetInt64(7),
            row.GetString(8),
            row.GetString(9),
            row.IsDBNull(10) ? null : row.GetString(10),
            row.IsDBNull(11) ? null : row.GetString(11),
            row.IsDBNull(12) ? null : row.GetString(12),
            row.IsDBNull(13) ? null : row.GetFieldValue<byte[]>(13),
            row.GetFieldValue<DateTimeOffset>(14),
            row.IsDBNull(15) ? null : row.GetFieldValue<DateTimeOffset>(15)
        );
}

/// <summary>What a movement is about; the ledger adds position and balances.</summary>
/// <param name="OrganizationId">The organisation it was made for, if any.</param>
public sealed record Entry(
    string Type,
    string AppId,
    string Description,
    string? Metadata = null,
    string? IdempotencyKey = null,
    byte[]? Fingerprint = null,
    string? OrganizationId = null,
    string Status = "completed"
);
