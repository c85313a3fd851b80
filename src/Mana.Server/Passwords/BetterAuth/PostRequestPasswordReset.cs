using System.Text.Json.Serialization;
using Mana.Platform.Http;

namespace Mana.Passwords.BetterAuth;

public static class PostRequestPasswordReset
{
    public sealed record Request(string Email, string? RedirectTo) : IBody<Request>
    {
        public static Surface Surface => Surface.BetterAuth;

        public static Request Parse(Fields fields) => new(fields.Email("email"), fields.OptionalTarget("redirectTo"));
    }

    public sealed record Response([property: JsonPropertyName("status")] bool IsDone, string Message);

    /// <summary>Mails a link that sets a new password, and says the same for every address (wire section 7.8).</summary>
    public static async Task<Answer<Response>> Handle(
        Request request,
        RequestPasswordReset reset,
        Requester requester,
        CancellationToken cancel
    )
    {
        var outcome = await reset.Run(request.Email, request.RedirectTo, requester, cancel);

        return outcome.Then(_ => new Response(true, "If this email exists in our system, check your email for the reset link"));
    }
}
