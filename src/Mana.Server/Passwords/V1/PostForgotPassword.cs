using Mana.Platform.Http;

namespace Mana.Passwords.V1;

public static class PostForgotPassword
{
    public sealed record Request(string Email, string? RedirectTo) : IBody<Request>
    {
        public static Request Parse(Fields fields) => new(fields.Email("email"), fields.OptionalTarget("redirectTo", max: 2048));
    }

    public sealed record Response(bool Success, string Message);

    /// <summary>
    /// Mails a link that sets a new password. Says the same for every address. A <c>redirectTo</c> that is not trusted is ignored.
    /// </summary>
    public static async Task<Answer<Response>> Handle(
        Request request,
        RequestPasswordReset reset,
        TrustedOrigins origins,
        Requester requester,
        CancellationToken cancel
    )
    {
        var target = request.RedirectTo is { } given && origins.MayLeadTo(given) ? given : null;
        var outcome = await reset.Run(request.Email, target, requester, cancel);

        return outcome.Then(_ => new Response(true, "If an account with that email exists, a password reset link has been sent"));
    }
}
