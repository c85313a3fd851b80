using Mana.Ledger;
using Mana.Platform;
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
    public async Task<Outcome<Spent>> Run(UserId userId, Spending spending)
    {
        if (IdempotencyKeys.Check(spending.IdempotencyKey) is { } reserved)
        {
            return reserved;
        }

        var owner = new OwnerId(userId.Value);
        var fingerprint = spending.IdempotencyKey is null ? null : new Terms("use", owner, spending.Amount, spending.AppId).Fingerprint();

        var spent = await queue.Post(new SpendRequest(owner, spending, fingerprint));
        if (spent is { IsRefused: false, Value.Account: not null })
        {
            Signals.CreditsSpent(spending.Amount);
        }

        return spent;
    }
}
