using System.Text.Json;
using Mana.Ledger;
using Mana.Platform;
using Mana.Platform.Database;
using Mana.Platform.Http;

namespace Mana.Credits;

/// <summary>Credits that come into a pool or leave it for outside.</summary>
/// <param name="Reference">Names the purchase, grant or correction; one reference moves the pool once.</param>
public sealed record PoolChange(long Amount, string Reference, string Reason);

/// <param name="TransactionId">Of the change, also of one made earlier under the same reference.</param>
public sealed record PoolChanged(Guid TransactionId, long Available, bool IsRepeated);

/// <summary>Fills the pool of an organisation, or takes out what should not be in it; never more than there is.</summary>
public sealed class OrganizationPool(Db db, TimeProvider clock)
{
    private const string App = "organization";

    private static readonly Scope Changing = Scope.Service("change the pool of an organisation");

    public Task<Outcome<PoolChanged>> Fund(OwnerId organization, PoolChange change, CancellationToken cancel) =>
        Move(organization, change, "fund", "purchase", holdings => holdings.Receive(Accounts.Paid, Accounts.Issuer, change.Amount), cancel);

    /// <summary>A correction: what was bought by mistake or paid back leaves the pool again. What members have is not touched.</summary>
    public Task<Outcome<PoolChanged>> Deduct(OwnerId organization, PoolChange change, CancellationToken cancel) =>
        Move(organization, change, "deduct", "adjustment", holdings => holdings.Pass(change.Amount, Accounts.Issuer), cancel);

    private Task<Outcome<PoolChanged>> Move(
        OwnerId organization,
        PoolChange change,
        string verb,
        string type,
        Func<Holdings, Movement?> decide,
        CancellationToken cancel
    )
    {
        var key = IdempotencyKeys.OfGrant(change.Reference);
        var fingerprint = new Terms(verb, organization, change.Amount, App).Fingerprint();
        var about = JsonSerializer.Serialize(new { reason = change.Reason, referenceId = change.Reference }, WireJson.Options);

        return db.Transact<PoolChanged>(
            Changing,
            async tx =>
            {
                if (await Books.Lock(tx, organization) is not { } holdings)
                {
                    return Refusals.OrganizationBalanceNotFound;
                }

                if (await tx.Find<LedgerTransaction>(Books.Posted([organization.Value], [key])) is { } earlier)
                {
                    return IdempotencyKeys.IsSame(earlier, fingerprint)
                        ? new PoolChanged(earlier.Id, holdings.Account.Paid, true)
                        : Refusals.IdempotencyKeyMismatch;
                }

                if (decide(holdings) is not { } movement)
                {
                    return OrganizationBalance.Insufficient(holdings.Givable, change.Amount);
                }

                if (!movement.After.Account.IsWithinBounds)
                {
                    return Refusals.BalanceTooHigh;
                }

                var now = clock.Now();
                var draft = new Draft(holdings);
                draft.Add(movement, new Entry(type, App, change.Reason, about, key, fingerprint, organization.Value), now, now);
                var rows = await Writing.Post(tx, draft.Postings, now);

                return new PoolChanged(rows[0].Id, movement.After.Account.Paid, false);
            },
            cancel
        );
    }
}
