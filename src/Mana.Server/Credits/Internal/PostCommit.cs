using Mana.Platform.Http;

namespace Mana.Credits.Internal;

public static class PostCommit
{
    public sealed record Request(Guid ReservationId, long? Amount, string? Description) : IBody<Request>
    {
        public static bool RefusesUnknownMembers => true;

        public static Request Parse(Fields fields) =>
            new(fields.Id("reservationId"), fields.OptionalAmount("amount"), fields.OptionalText("description", min: 1, max: 500));
    }

    public sealed record Response(bool Success, Guid TransactionId, long Committed, long Balance);

    /// <summary>
    /// Spends what was reserved, all of it or <c>amount</c>; the rest comes back. Committing again answers the first result; an expired
    /// reservation cannot be committed.
    /// </summary>
    public static async Task<Answer<Response>> Handle(Request request, EndReservation end, CancellationToken cancel)
    {
        var outcome = await end.Commit(request.ReservationId, request.Amount, request.Description, cancel);

        return outcome.Then(ended => new Response(true, ended.TransactionId, ended.Committed, ended.Available));
    }
}
