using Mana.Platform;
using Mana.Platform.Http;

namespace Mana.Emails.BetterAuth;

public static class GetVerifyEmail
{
    public sealed record Response(bool Status, BetterAuthUser? User);

    /// <summary>Follows a verification link at once and signs in (wire section 7.7).</summary>
    public static async Task<Answer<Response>> Handle(
        HttpContext http,
        VerifyEmail verify,
        SessionCookies cookies,
        TrustedOrigins origins,
        PresentedSession presented,
        Requester requester,
        CancellationToken cancel
    )
    {
        var query = http.Request.Query;
        if (query["token"] is not [{ } token])
        {
            return Invalid("token", query["token"].Count == 0 ? "undefined" : "array");
        }

        if (query["callbackURL"].Count > 1)
        {
            return Invalid("callbackURL", "array");
        }

        var callback = query["callbackURL"].ToString();
        if (!origins.MayLeadTo(callback))
        {
            return Refusals.InvalidCallbackUrl;
        }

        var outcome = await verify.Run(token, new PasswordProof.Keep(), requester, cancel);
        if (outcome.IsRefused)
        {
            return callback.Length == 0
                ? outcome.Refusal!
                : Redirect(Redirects.With(callback, "error", outcome.Refusal!.BetterAuth!.Code!));
        }

        var answer = callback.Length == 0 ? new Response(true, null) : Redirect(callback);
        if (outcome.Value.SignedIn is not { } signedIn)
        {
            return answer;
        }

        return answer.WithSession(cookies, signedIn.Opened.Issued, presented, requester);
    }

    private static Refusal Invalid(string name, string received) =>
        Refusals.Validation with
        {
            BetterAuth = new("VALIDATION_ERROR", $"[query.{name}] Invalid input: expected string, received {received}"),
        };

    private static Answer<Response> Redirect(string target) =>
        Answer<Response>.Empty(StatusCodes.Status302Found).With("Location", Redirects.Encode(target));
}
