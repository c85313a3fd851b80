using Mana.Platform.Http;
using Mana.Sessions;

namespace Mana.Emails.V1;

public static class GetVerifyEmail
{
    public sealed record Response(bool Status, ManaUser User);

    /// <summary>
    /// Follows a link that confirms an address at once. With <c>callbackURL</c> it leads there, or to the front end when that is not trusted, and
    /// says <c>error</c> in the query when the link is no good.
    /// </summary>
    public static async Task<Answer<Response>> Handle(
        HttpContext http,
        FollowMailLink follow,
        FindSession sessions,
        SessionCookies cookies,
        TrustedOrigins origins,
        HttpSettings settings,
        PresentedSession presented,
        Requester requester,
        CancellationToken cancel
    )
    {
        var query = http.Request.Query;
        var callback = query["callbackURL"].ToString();
        var target = callback.Length == 0 || origins.MayLeadTo(callback) ? callback : settings.FrontendUrl.ToString();
        var token = query["token"] is [{ } single] ? single : "";

        var visitor = await sessions.Visitor(presented.Token, mayRenew: false, cancel);
        if (visitor.IsRefused)
        {
            return visitor.Refusal!;
        }

        var outcome = await follow.Run(token, visitor.Value?.User.Id, requester, cancel);
        if (outcome.IsRefused)
        {
            return target.Length > 0 && outcome.Refusal!.BetterAuth?.Code is { } code
                ? Redirect(Redirects.With(target, "error", code.ToLowerInvariant()))
                : outcome.Refusal!;
        }

        var followed = outcome.Value;
        var answer = target.Length > 0 ? Redirect(target) : new Response(true, followed.User.ToMana());

        return followed.SignedIn is { } signedIn ? answer.With(cookies.Issue(signedIn.Opened.Issued, presented, requester)) : answer;
    }

    private static Answer<Response> Redirect(string target) =>
        Answer<Response>.Empty(StatusCodes.Status302Found).With("Location", Redirects.Encode(target));
}
