using System.Security.Cryptography;
using System.Text.Json;
using Mana.Ledger;
using Mana.Platform;
using Mana.Platform.Database;
using Mana.Platform.Http;
using Mana.Platform.Telemetry;

namespace Mana.Credits;

/// <summary>What is to be spent, where and why.</summary>
/// <param name="Metadata">The caller's own JSON object; stored and given back.</param>
public sealed record Spending(long Amount, string AppId, string Description, string? IdempotencyKey, string? Metadata);

/// <param name="Account">After the spending; null for a replay, which moves nothing.</param>
public sealed record Spent(LedgerTransaction Transaction, LedgerAccount? Account)
{
    public bool IsReplay => Account is null;
}

/// <summary>Spends credits: free before paid, and under one key exactly once. Three round trips: lock and look, write, commit.</summary>
public sealed class SpendCredits(Db db, CreditSettings settings, OpeningGrant opening, TimeProvider clock)
{
    private static readonly Scope Spending = Scope.Service("spend credits");

    /// <summary>Keys the service makes itself; a client's key may not look like one (contract 3.3).</summary>
    private static readonly string[] ReservedPrefixes = ["purchase:", "signup:", "daily:", "refund:", "reservation:", "gift:", "alloc:"];

    public async Task<Outcome<Spent>> Run(UserId userId, Spending spending, CancellationToken cancel)
    {
        if (
            spending.IdempotencyKey is { } key
            && Array.Exists(ReservedPrefixes, prefix => key.StartsWith(prefix, StringComparison.Ordinal))
        )
        {
            return Refusals.IdempotencyKeyReserved;
        }

        var fingerprint = spending.IdempotencyKey is null ? null : Fingerprint(userId, spending);

        var spent = await db.Transact<Spent>(Spending, tx => Spend(tx, userId, spending, fingerprint), cancel);
        if (spent is { IsRefused: false, Value.IsReplay: false })
        {
            Signals.CreditsSpent(spending.Amount);
        }

        return spent;
    }

    private async Task<Outcome<Spent>> Spend(Tx tx, UserId userId, Spending spending, byte[]? fingerprint)
    {
        var now = clock.Now();
        var owner = new OwnerId(userId.Value);
        var (account, posted) = await Books.Lock(tx, owner, spending.IdempotencyKey);
        if (posted is not null)
        {
            return posted.Fingerprint.AsSpan().SequenceEqual(fingerprint) ? new Spent(posted, null) : Refusals.IdempotencyKeyMismatch;
        }

        account ??= await OpenFirst(tx, userId, now);
        if (DailyGrant.IsDue(account, settings.DailyFree, now))
        {
            var grant = DailyGrant.Of(account, settings.DailyFree, now);
            await Books.Post(tx, account, grant, DailyGrant.Entry, now);
            account = grant.After;
        }

        if (account.Spend(spending.Amount, spending.AppId) is not { } movement)
        {
            return Refusals.InsufficientCredits.With(("required", spending.Amount), ("available", account.Available));
        }

        var entry = new Entry("usage", spending.AppId, spending.Description, spending.Metadata, spending.IdempotencyKey, fingerprint);

        return new Spent(await Books.Post(tx, account, movement, entry, now), movement.After);
    }

    private async Task<LedgerAccount> OpenFirst(Tx tx, UserId userId, DateTimeOffset now)
    {
        await tx.Run(opening.Open(userId, now));
        var (opened, _) = await Books.Lock(tx, new OwnerId(userId.Value), null);
        Invariant.Holds(opened is not null);

        return opened;
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
