using Mana.Platform.Http;

namespace Mana.Emails.V1;

public static class PostResendVerification
{
    public sealed record Request(string Email, string? SourceAppUrl) : IBody<Request>
    {
        public static Request Parse(Fields fields) => new(fields.Email("email"), fields.OptionalTarget("sourceAppUrl", max: 255));
    }

    public sealed record Response(bool Success, string Message);

    /// <summary>Mails a new verification link to an address that still needs one, and answers the same for every other.</summary>
    public static async Task<Answer<Response>> Handle(
        Request request,
        ResendVerification resend,
        TrustedOrigins origins,
        Requester requester,
        CancellationToken cancel
    )
    {
        if (request.SourceAppUrl is { } target && !origins.MayLeadTo(target))
        {
            return Refusals.InvalidCallbackUrl with { Message = "sourceAppUrl is not a trusted address" };
        }

        var floor = AnswerFloor.Start(cancel);
        var outcome = await resend.Run(request.Email, request.SourceAppUrl, requester, cancel);
        await floor;

        return outcome.Then(_ => new Response(true, "If this address has to be verified, a verification email has been sent"));
    }
}
