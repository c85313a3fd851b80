using Mana.Platform.Http;

namespace Mana.Sessions.BetterAuth;

public static class GetSession
{
    public sealed record Response(BetterAuthSession Session, BetterAuthUser User);

    /// <summary>The session of the presented cookie or token, or <c>null</c> (wire section 7.5).</summary>
    public static async Task<Answer<Response?>> Handle(
        HttpContext http,
        PresentedSession presented,
        FindSession sessions,
        SessionCookies cookies,
        MintHeaderToken header,
        CancellationToken cancel
    )
    {
        http.Response.Headers.Pragma = "no-cache";
        if (presented.Token is not { } token)
        {
            return (Response?)null;
        }

        var outcome = await sessions.Run(token, presented.MayRenew(http.Request), cancel);
        if (outcome.IsRefused)
        {
            if (!outcome.Refusal!.Is(Refusals.InvalidSession))
            {
                return outcome.Refusal; // nobody could look: that is not the same as no session
            }

            Answer<Response?> gone = (Response?)null;
            return gone.With(cookies.Clear());
        }

        var found = outcome.Value;
        Answer<Response?> answer = new Response(found.Session.ToBetterAuth(token), found.User.ToBetterAuth());
        answer = answer.With("set-auth-jwt", header.Run(found.Entry));
        if (cookies.ClearCache(http.Request) is { } clearing)
        {
            answer = answer.With(clearing);
        }

        if (!found.IsRenewed)
        {
            return answer.With("access-control-expose-headers", "set-auth-jwt");
        }

        return answer
            .With("access-control-expose-headers", "set-auth-jwt, set-auth-token")
            .With("set-auth-token", cookies.Bearer(token))
            .With(cookies.Issue(token, found.Session.CookieLifetime));
    }
}
