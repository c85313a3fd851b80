using Mana.Ledger;
using Mana.Platform;
using Mana.Platform.Database;

namespace Mana.Credits;

/// <param name="TransactionId">The position that ended the reservation.</param>
public sealed record Ended(Guid TransactionId, long Committed, long Available);

/// <summary>Ends a reservation, once: commits it in part or whole, or releases it.</summary>
public sealed class EndReservation(Db db, PersonalLedger ledger)
{
    private static readonly Scope Ending = Scope.Service("end a reservation");

    /// <summary>What was not committed comes back. Committing again answers the first result.</summary>
    /// <param name="amount">Null for all of it.</param>
    public Task<Outcome<Ended>> Commit(Guid reservationId, long? amount, string? description, CancellationToken cancel) =>
        Run(
            reservationId,
            async (decision, row) =>
            {
                if (amount > row.Amount)
                {
                    return Refusals.CommitExceedsReservation.With(("reserved", row.Amount));
                }

                if (row.EndedAs == HoldEnds.Committed)
                {
                    var first = await First(decision, row);
                    return amount is null || amount == first.Committed ? Say.Now(first) : Refusals.IdempotencyKeyMismatch;
                }

                if (Open(decision, row) is not { } hold)
                {
                    return Refusals.ReservationEnded with { Message = $"Cannot commit reservation in status: {Status(row)}" };
                }

                var committed = amount ?? hold.Amount;
                var movement = decision.Draft.Holdings.End(hold, HoldEnds.Committed, committed, Accounts.App(hold.AppId));
                return Add(decision, movement, HoldEntries.Committed(hold, description ?? hold.Reason), committed);
            },
            cancel
        );

    /// <summary>Everything comes back.</summary>
    public Task<Outcome<Ended>> Release(Guid reservationId, CancellationToken cancel) =>
        Run(
            reservationId,
            (decision, row) =>
            {
                if (Open(decision, row) is not { } hold)
                {
                    return Task.FromResult<Outcome<Saying<Ended>>>(
                        Refusals.ReservationEnded with
                        {
                            Message = $"Cannot refund reservation in status: {Status(row)}",
                        }
                    );
                }

                var movement = decision.Draft.Holdings.End(hold, HoldEnds.Released);
                return Task.FromResult(Add(decision, movement, HoldEntries.Released(hold), 0));
            },
            cancel
        );

    private async Task<Outcome<Ended>> Run(
        Guid reservationId,
        Func<Decision, HoldRow, Task<Outcome<Saying<Ended>>>> decide,
        CancellationToken cancel
    )
    {
        // Whose it is does not change, so it may be read before the lock; how it stands is read again under it.
        if (await db.Find<HoldRow>(Ending, HoldRow.Of(reservationId, HoldKinds.Reservation), cancel) is not { } known)
        {
            return Refusals.ReservationNotFound;
        }

        return await ledger.Move<Ended>(
            Ending,
            new UserId(known.Owner.Value),
            async decision => await decide(decision, (await decision.Tx.Find<HoldRow>(HoldRow.Of(reservationId, HoldKinds.Reservation)))!),
            cancel
        );
    }

    /// <summary>Null also when its time came just now: the expiry is drafted already.</summary>
    private static Hold? Open(Decision decision, HoldRow row) => decision.Draft.Holdings.Holds.FirstOrDefault(hold => hold.Id == row.Id);

    private static Outcome<Saying<Ended>> Add(Decision decision, Movement movement, Entry entry, long committed)
    {
        var place = decision.Add(movement, entry);

        return Say.Later(rows => new Ended(rows[place].Id, committed, decision.Draft.Holdings.Account.Available));
    }

    private static async Task<Ended> First(Decision decision, HoldRow row)
    {
        var transfers = await Books.Transfers(decision.Tx, decision.Owner, row.EndedSeq!.Value);
        var id = await decision.Tx.Value<Guid>(
            $"select id from credits.transactions where owner_id = {decision.Owner} and seq = {row.EndedSeq.Value}"
        );

        return new Ended(
            id,
            transfers.Where(posted => Accounts.IsApp(posted.Transfer.To)).Sum(posted => posted.Transfer.Amount),
            decision.Draft.Holdings.Account.Available
        );
    }

    // The words of the contract (1.4).
    private static string Status(HoldRow row) =>
        row.EndedAs switch
        {
            HoldEnds.Committed => "committed",
            HoldEnds.Released => "refunded",
            _ => "expired",
        };
}
