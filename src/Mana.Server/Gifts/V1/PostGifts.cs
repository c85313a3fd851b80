using Mana.Platform.Http;

namespace Mana.Gifts.V1;

public static class PostGifts
{
    public sealed record Request(long Credits, string? TargetEmail, string? Message, DateTimeOffset? ExpiresAt, string? IdempotencyKey)
        : IBody<Request>
    {
        public static bool RefusesUnknownMembers => true;

        public static Request Parse(Fields fields) =>
            new(
                fields.Whole("credits", 1, Gift.AmountMax),
                fields.OptionalText("targetEmail") is null ? null : fields.Email("targetEmail"),
                fields.OptionalText("message", max: Gift.MessageLengthMax),
                fields.OptionalInstant("expiresAt"),
                fields.OptionalText("idempotencyKey", min: 1, max: 255)
            );
    }

    /// <param name="Code">To be handed on; whoever has it can take the credits.</param>
    public sealed record Response(
        Guid Id,
        string? Code,
        long Credits,
        string Type,
        string Status,
        string? TargetEmail,
        string? Message,
        DateTimeOffset ExpiresAt,
        DateTimeOffset CreatedAt
    );

    /// <summary>
    /// Sets 1 to 10,000 of the caller's paid credits aside for whoever has the code; with <c>targetEmail</c> only for the person with that
    /// verified address. What nobody takes until <c>expiresAt</c> (90 days, at most 366) comes back. Credits that expire cannot be given.
    /// </summary>
    public static async Task<Answer<Response>> Handle(
        Request request,
        Caller caller,
        CreateGift create,
        TimeProvider clock,
        CancellationToken cancel
    )
    {
        var wanted = new NewGift(request.Credits, request.TargetEmail, request.Message, request.ExpiresAt, request.IdempotencyKey);
        var outcome = await create.Run(caller.UserId, wanted, cancel);
        if (outcome.IsRefused)
        {
            return outcome.Refusal!;
        }

        var (gift, code) = (outcome.Value.Gift, outcome.Value.Code);
        Answer<Response> answer = new Response(
            gift.Id,
            code,
            gift.Amount,
            gift.Type,
            gift.Status(clock.GetUtcNow()),
            gift.TargetEmail,
            gift.Message,
            gift.ExpiresAt,
            gift.CreatedAt
        );

        return outcome.Value.IsRepeated ? answer.With("Idempotency-Hit", "true") : answer.With(StatusCodes.Status201Created);
    }
}
