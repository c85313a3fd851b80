using Mana.Ledger;
using Mana.Platform;
using Mana.Platform.Database;

namespace Mana.Credits;

public sealed record Reservation(long Amount, string AppId, string Reason, TimeSpan Life, string? IdempotencyKey);

public sealed record Reserved(Guid ReservationId, DateTimeOffset ExpiresAt, long Available, bool IsRepeated);

/// <summary>Sets credits aside for an operation that is still running; they come back by themselves when it never ends.</summary>
public sealed class ReserveCredits(PersonalLedger ledger)
{
    public static readonly TimeSpan LifeMax = TimeSpan.FromHours(24);

    public static readonly TimeSpan LifeDefault = TimeSpan.FromMinutes(15);

    private static readonly Scope Reserving = Scope.Service("reserve credits");

    public Task<Outcome<Reserved>> Run(UserId userId, Reservation reservation, CancellationToken cancel)
    {
        if (IdempotencyKeys.Check(reservation.IdempotencyKey) is { } reserved)
        {
            return Task.FromResult<Outcome<Reserved>>(reserved);
        }

        var fingerprint = reservation.IdempotencyKey is null
            ? null
            : new Terms("reserve", new OwnerId(userId.Value), reservation.Amount, reservation.AppId).Fingerprint();

        return ledger.Move<Reserved>(
            Reserving,
            userId,
            async decision =>
            {
                if (await decision.Posted(reservation.IdempotencyKey) is { } earlier)
                {
                    return IdempotencyKeys.IsSame(earlier, fingerprint) ? await Repeat(decision, earlier) : Refusals.IdempotencyKeyMismatch;
                }

                var holdings = decision.Draft.Holdings;
                if (holdings.Holds.Length >= Hold.OpenMax)
                {
                    return Refusals.TooManyReservations;
                }

                var id = Ids.Uuid(decision.Now);
                var expiresAt = decision.Now + reservation.Life;
                var hold = Hold.New(id, HoldKinds.Reservation, reservation.AppId, reservation.Reason, expiresAt, decision.Now);
                var movement = holdings.Reserve(hold, reservation.Amount);
                if (movement is null)
                {
                    return Refusals.InsufficientCredits.With(("required", reservation.Amount), ("available", holdings.Account.Available));
                }

                var entry = HoldEntries.Set(reservation.AppId, reservation.Reason, reservation.IdempotencyKey, fingerprint, id);
                decision.Add(movement, entry);
                return Say.Now(new Reserved(id, expiresAt, movement.After.Account.Available, false));
            },
            cancel
        );
    }

    private static async Task<Outcome<Saying<Reserved>>> Repeat(Decision decision, LedgerTransaction earlier)
    {
        var hold = await decision.Tx.Find<HoldRow>(HoldRow.At(decision.Owner, earlier.Seq));
        Invariant.Holds(hold is not null);

        return Say.Now(new Reserved(hold.Id, hold.ExpiresAt, decision.Draft.Holdings.Account.Available, true));
    }
}
