using Mana.Platform.Http;

namespace Mana.Credits.Internal;

public static class PostRefundReservation
{
    public sealed record Request(Guid ReservationId) : IBody<Request>
    {
        public static bool RefusesUnknownMembers => true;

        public static Request Parse(Fields fields) => new(fields.Id("reservationId"));
    }

    public sealed record Response(bool Success, long Balance);

    /// <summary>Gives back everything that was reserved.</summary>
    public static async Task<Answer<Response>> Handle(Request request, EndReservation end, CancellationToken cancel)
    {
        var outcome = await end.Release(request.ReservationId, cancel);

        return outcome.Then(ended => new Response(true, ended.Available));
    }
}
