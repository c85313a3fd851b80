using Mana.Platform.Http;
using Mana.Sessions;

namespace Mana.Emails.BetterAuth;

public static class GetVerifyEmail
{
    public sealed record Response(bool Status, BetterAuthUser? User);

    /// <summary>
    /// Follows a link that confirms an address at once: the first time it signs in, after a change of address it shows who has it now (wire
    /// section 7.7).
    /// </summary>
    public static async Task<Answer<Response>> Handle(
        HttpContext http,
        FollowMailLink follow,
        FindSession sessions,
        SessionCookies cookies,
        TrustedOrigins origins,
        PresentedSession presented,
        Requester requester,
        CancellationToken cancel
    )
    {
        var query = new WireQuery(http.Request.Query);
        var (token, callback) = (query.Text("token"), query.OptionalText("callbackURL"));
        if (query.Wrong is { } wrong)
        {
            return wrong;
        }

        if (!origins.MayLeadTo(callback))
        {
            return Refusals.InvalidCallbackUrl;
        }

        var session = await sessions.Visitor(presented.Token, mayRenew: false, cancel);
        if (session.IsRefused)
        {
            return session.Refusal!;
        }

        var visitor = session.Value;
        var outcome = await follow.Run(token, visitor?.User.Id, requester, cancel);
        if (outcome.IsRefused)
        {
            return callback.Length > 0 && outcome.Refusal!.BetterAuth?.Code is { } code
                ? Redirect(Redirects.With(callback, "error", code))
                : outcome.Refusal!;
        }

        var followed = outcome.Value;
        var answer = callback.Length > 0 ? Redirect(callback) : new Response(true, followed.IsChange ? followed.User.ToBetterAuth() : null);
        if (followed.SignedIn is { } signedIn)
        {
            return answer.WithSession(cookies, signedIn.Opened.Issued, presented, requester);
        }

        return followed.IsChange && visitor is not null
            ? answer.WithSession(cookies, presented.Token!, visitor.Session.CookieLifetime)
            : answer;
    }

    private static Answer<Response> Redirect(string target) =>
        Answer<Response>.Empty(StatusCodes.Status302Found).With("Location", Redirects.Encode(target));
}
