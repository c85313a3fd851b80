using System.Text.Json;
using Mana.Ledger;

namespace Mana.Credits;

/// <summary>The row people see in their history (contract 1.3.2).</summary>
public sealed record CreditTransaction(
    Guid Id,
    string UserId,
    string Type,
    string Status,
    long Amount,
    long BalanceBefore,
    long BalanceAfter,
    string AppId,
    string Description,
    string? OrganizationId,
    JsonElement? Metadata,
    string? IdempotencyKey,
    DateTimeOffset CreatedAt,
    DateTimeOffset? CompletedAt
)
{
    public static CreditTransaction Of(LedgerTransaction row) =>
        new(
            row.Id,
            row.Owner.Value,
            row.Type,
            row.Status,
            row.Amount,
            row.BalanceBefore,
            row.BalanceAfter,
            row.AppId,
            row.Description,
            row.OrganizationId,
            row.Metadata is null ? null : JsonElement.Parse(row.Metadata),
            row.IdempotencyKey,
            row.CreatedAt,
            row.CompletedAt
        );
}
