using System.Security.Cryptography;
using System.Text.Json;
using Mana.Ledger;
using Mana.Platform;
using Mana.Platform.Http;
using Mana.Platform.Telemetry;

namespace Mana.Credits;

/// <summary>What is to be spent, where and why.</summary>
/// <param name="Metadata">The caller's own JSON object; stored and given back.</param>
public sealed record Spending(long Amount, string AppId, string Description, string? IdempotencyKey, string? Metadata);

/// <param name="Account">After the spending; null for a replay, which moves nothing.</param>
public sealed record Spent(LedgerTransaction Transaction, LedgerAccount? Account);

/// <summary>Spends credits: free before paid, and under one key exactly once.</summary>
public sealed class SpendCredits(SpendQueue queue)
{
    /// <summary>Keys the service makes itself; a client's key may not look like one (contract 3.3).</summary>
    private static readonly string[] ReservedPrefixes = ["purchase:", "signup:", "daily:", "refund:", "reservation:", "gift:", "alloc:"];

    public async Task<Outcome<Spent>> Run(UserId userId, Spending spending)
    {
        if (
            spending.IdempotencyKey is { } key
            && Array.Exists(ReservedPrefixes, prefix => key.StartsWith(prefix, StringComparison.Ordinal))
        )
        {
            return Refusals.IdempotencyKeyReserved;
        }

        var fingerprint = spending.IdempotencyKey is null ? null : Fingerprint(userId, spending);

        var spent = await queue.Post(new SpendRequest(new OwnerId(userId.Value), spending, fingerprint));
        if (spent is { IsRefused: false, Value.Account: not null })
        {
            Signals.CreditsSpent(spending.Amount);
        }

        return spent;
    }

    /// <summary>Over everything that makes two requests the same request (ruling 17).</summary>
    private static byte[] Fingerprint(UserId userId, Spending spending) =>
        SHA256.HashData(
            JsonSerializer.SerializeToUtf8Bytes(
                new
                {
                    verb = "use",
                    owner = userId.Value,
                    amount = spending.Amount,
                    appId = spending.AppId,
                    organizationId = (string?)null,
                    transactionId = (string?)null,
                },
                WireJson.Options
            )
        );
}
