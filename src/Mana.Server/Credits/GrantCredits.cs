using Mana.Ledger;
using Mana.Platform;
using Mana.Platform.Database;

namespace Mana.Credits;

/// <summary>Credits somebody is given.</summary>
/// <param name="Bucket">Paid unless said otherwise (contract 3.1: grants count as earned).</param>
/// <param name="Priority">0 to 1,000, lower goes first; null for credits that go last and never expire.</param>
public sealed record Grant(
    long Amount,
    string AppId,
    string Reason,
    string ReferenceId,
    string Description,
    string Bucket = Accounts.Paid,
    int? Priority = null,
    DateTimeOffset? ExpiresAt = null
);

/// <param name="TransactionId">Of the grant, also of one made earlier under the same reference.</param>
public sealed record Granted(bool IsRepeated, long Available, Guid TransactionId);

/// <summary>Gives credits, exactly once per person and reference.</summary>
public sealed class GrantCredits(PersonalLedger ledger)
{
    /// <summary>Longer than anybody plans, and far from the instant that stands for never.</summary>
    private static readonly TimeSpan LifeMax = TimeSpan.FromDays(36_525);

    private static readonly Scope Granting = Scope.Service("grant credits");

    public Task<Outcome<Granted>> Run(UserId userId, Grant grant, CancellationToken cancel)
    {
        var key = IdempotencyKeys.OfGrant(grant.ReferenceId);
        var fingerprint = new Terms("grant", new OwnerId(userId.Value), grant.Amount, grant.AppId).Fingerprint();

        return ledger.Move<Granted>(
            Granting,
            userId,
            async decision =>
            {
                if (await decision.Posted(key) is { } earlier)
                {
                    var available = decision.Draft.Holdings.Account.Available;
                    return IdempotencyKeys.IsSame(earlier, fingerprint)
                        ? Say.Now(new Granted(true, available, earlier.Id))
                        : Refusals.IdempotencyKeyMismatch;
                }

                if (grant.ExpiresAt <= decision.Now)
                {
                    return Refusals.ExpiryPassed;
                }

                if (grant.ExpiresAt > decision.Now + LifeMax)
                {
                    return Refusals.Validation with { Message = "expiresAt: must lie within 100 years" };
                }

                if (Receive(decision, grant) is not { } movement)
                {
                    return Refusals.TooManyLots;
                }

                var place = decision.Add(movement, new Entry("grant", grant.AppId, grant.Description, Reason(grant), key, fingerprint));
                return Say.Later(rows => new Granted(false, rows[place].BalanceAfter, rows[place].Id));
            },
            cancel
        );
    }

    private static Movement? Receive(Decision decision, Grant grant) =>
        grant.Priority is null && grant.ExpiresAt is null
            ? decision.Draft.Holdings.Receive(grant.Bucket, Accounts.Issuer, grant.Amount)
            : decision.Draft.Holdings.ReceiveLot(
                grant.Bucket,
                Accounts.Issuer,
                grant.Amount,
                grant.Priority ?? Lot.PriorityDefault,
                grant.ExpiresAt,
                decision.Now
            );

    private static string Reason(Grant grant) =>
        System.Text.Json.JsonSerializer.Serialize(
            new { reason = grant.Reason, referenceId = grant.ReferenceId },
            Platform.Http.WireJson.Options
        );
}
