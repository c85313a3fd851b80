using Mana.Platform.Http;

namespace Mana.Passwords.V1;

public static class GetResetPassword
{
    public sealed record Response;

    /// <summary>
    /// Where the link of a mail leads: on to <c>callbackURL</c>, with <c>token</c> if it can be used and <c>error=INVALID_TOKEN</c> if not.
    /// Uses nothing up (wire section 7.9).
    /// </summary>
    public static async Task<Answer<Response>> Handle(
        string token,
        HttpRequest request,
        ResetPassword reset,
        TrustedOrigins origins,
        HttpSettings http,
        CancellationToken cancel
    )
    {
        if (request.Query["callbackURL"] is not [{ } callback])
        {
            var received = request.Query.ContainsKey("callbackURL") ? "array" : "undefined";
            return Refusals.Validation with
            {
                BetterAuth = new("VALIDATION_ERROR", $"[query.callbackURL] Invalid input: expected string, received {received}"),
            };
        }

        if (!origins.MayLeadTo(callback))
        {
            return Refusals.InvalidCallbackUrl;
        }

        if (callback.Length == 0)
        {
            return Redirect($"{http.Origin}/api/auth/error?error=INVALID_TOKEN"); // nobody is there to hand the token to
        }

        var link = await reset.Look(token, cancel);

        return Redirect(
            link.IsRefused
                ? Redirects.Set(http.Origin, callback, "error", "INVALID_TOKEN")
                : Redirects.Set(http.Origin, callback, "token", token)
        );
    }

    private static Answer<Response> Redirect(string target) =>
        Answer<Response>.Empty(StatusCodes.Status302Found).With("Location", Redirects.Encode(target));
}
