using Mana.Ledger;
using Mana.Platform;
using Mana.Platform.Database;

namespace Mana.Credits;

/// <param name="TransactionId">The spending to give back, in part or whole.</param>
public sealed record Refund(long Amount, Guid TransactionId, string AppId, string Description, string? IdempotencyKey, string? Metadata);

/// <param name="Account">After the refund; null for a replay.</param>
public sealed record Refunded(LedgerTransaction Transaction, LedgerAccount? Account);

/// <summary>
/// Gives back what a spending took, never more than it took, to the buckets and lots it came from, last spent first (ruling 18b).
/// </summary>
public sealed class RefundCredits(PersonalLedger ledger)
{
    private static readonly Scope Refunding = Scope.Service("refund a spending");

    public Task<Outcome<Refunded>> Run(UserId userId, Refund refund, CancellationToken cancel)
    {
        if (IdempotencyKeys.Check(refund.IdempotencyKey) is { } reserved)
        {
            return Task.FromResult<Outcome<Refunded>>(reserved);
        }

        var owner = new OwnerId(userId.Value);
        var fingerprint = refund.IdempotencyKey is null
            ? null
            : new Terms("refund", owner, refund.Amount, refund.AppId, TransactionId: refund.TransactionId).Fingerprint();

        return ledger.Move<Refunded>(
            Refunding,
            userId,
            async decision =>
            {
                if (await decision.Posted(refund.IdempotencyKey) is not { } earlier)
                {
                    return await Decide(decision, refund, fingerprint);
                }

                return IdempotencyKeys.IsSame(earlier, fingerprint)
                    ? Say.Now(new Refunded(earlier, null))
                    : Refusals.IdempotencyKeyMismatch;
            },
            cancel
        );
    }

    private static async Task<Outcome<Saying<Refunded>>> Decide(Decision decision, Refund refund, byte[]? fingerprint)
    {
        if (await decision.Tx.Find<Charge>(Charge.Find(decision.Owner, refund.TransactionId)) is not { } charge)
        {
            return Refusals.TransactionNotFound;
        }

        var spent = (await Books.Transfers(decision.Tx, decision.Owner, charge.Seq))
            .Select(posted => posted.Transfer)
            .Where(transfer => Accounts.IsApp(transfer.To))
            .ToArray();
        if (spent.Length == 0)
        {
            return Refusals.NotRefundable;
        }

        var left = spent.Sum(transfer => transfer.Amount) - charge.Refunded;
        if (refund.Amount > left)
        {
            return Refusals.RefundExceedsCharge.With(("refundable", left));
        }

        var lots = await Lots(decision, spent);
        var movement = decision.Draft.Holdings.Refund(charge.Seq, spent, charge.Refunded, refund.Amount, lots, decision.Now);
        var place = decision.Add(
            movement,
            new Entry("refund", refund.AppId, refund.Description, refund.Metadata, refund.IdempotencyKey, fingerprint)
        );

        return Say.Later(rows => new Refunded(rows[place], movement.After.Account));
    }

    private static async Task<Dictionary<long, Lot>> Lots(Decision decision, Transfer[] spent)
    {
        var ids = spent.Select(transfer => transfer.Lot).OfType<long>().ToArray();

        return ids.Length == 0 ? [] : (await Books.Lots(decision.Tx, decision.Owner, ids)).ToDictionary(lot => lot.Lot.Id, lot => lot.Lot);
    }

    /// <summary>A position that may be given back, and how much of it was.</summary>
    private sealed record Charge(long Seq, long Refunded) : IRow<Charge>
    {
        public static Charge Read(Npgsql.NpgsqlDataReader row) => new(row.GetInt64(0), row.GetInt64(1));

        public static Sql Find(OwnerId owner, Guid id) =>
            $"""
                select t.seq,
                    coalesce((
                        select sum(f.amount)
                        from credits.transactions r
                        join credits.transfers f on f.owner_id = r.owner_id and f.seq = r.seq
                        where r.owner_id = t.owner_id and r.reverses = t.seq
                    ), 0)::bigint
                from credits.transactions t
                where t.owner_id = {owner} and t.id = {id}
                """;
    }
}
