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
        var query = new WireQuery(request.Query);
        var callback = query.Text("callbackURL");
        if (query.Wrong is { } wrong)
        {
            return wrong;
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
