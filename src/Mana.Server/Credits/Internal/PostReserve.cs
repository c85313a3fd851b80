using Mana.Platform;
using Mana.Platform.Http;

namespace Mana.Credits.Internal;

public static class PostReserve
{
    public sealed record Request(string UserId, long Amount, string Reason, TimeSpan? Life, string? IdempotencyKey) : IBody<Request>
    {
        public static bool RefusesUnknownMembers => true;

        public static Request Parse(Fields fields) =>
            new(
                fields.Text("userId", min: 1, max: 255),
                fields.Amount("amount"),
                fields.Text("reason", min: 1, max: 200),
                fields.OptionalWhole("ttlSeconds", 1, (long)ReserveCredits.LifeMax.TotalSeconds) is { } seconds
                    ? TimeSpan.FromSeconds(seconds)
                    : null,
                fields.OptionalText("idempotencyKey", min: 1, max: 255)
            );
    }

    public sealed record Response(Guid ReservationId, long Balance, DateTimeOffset ExpiresAt);

    /// <summary>
    /// Sets credits aside for <c>ttlSeconds</c> (default 15 minutes, at most a day). Nobody else can spend them; without a commit they come
    /// back by themselves.
    /// </summary>
    public static async Task<Answer<Response>> Handle(
        Request request,
        Requester requester,
        ReserveCredits reserve,
        CancellationToken cancel
    )
    {
        var outcome = await reserve.Run(
            new UserId(request.UserId),
            new Reservation(
                request.Amount,
                CallingApp.Of(requester),
                request.Reason,
                request.Life ?? ReserveCredits.LifeDefault,
                request.IdempotencyKey
            ),
            cancel
        );
        Answer<Response> answer = outcome.Then(reserved => new Response(reserved.ReservationId, reserved.Available, reserved.ExpiresAt));

        return outcome is { IsRefused: false, Value.IsRepeated: true } ? answer.With("Idempotency-Hit", "true") : answer;
    }
}
