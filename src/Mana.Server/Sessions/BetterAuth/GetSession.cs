using Mana.Platform;
using Mana.Platform.Http;

namespace Mana.Sessions.BetterAuth;

public static class GetSession
{
    public sealed record Response(BetterAuthSession Session, BetterAuthUser User);

    /// <summary>The session of the presented cookie or token, or <c>null</c> (wire section 7.5).</summary>
    public static ValueTask<Answer<Response?>> Handle(
        HttpContext http,
        PresentedSession presented,
        FindSession sessions,
        SessionCookies cookies,
        SessionCache cache,
        MintHeaderToken header,
        CancellationToken cancel
    )
    {
        http.Response.Headers.Pragma = "no-cache";
        if (presented.Token is not { } token)
        {
            return ValueTask.FromResult<Answer<Response?>>((Response?)null);
        }

        var finding = sessions.Run(token, presented.MayRenew(http.Request), cancel);

        return finding.IsCompletedSuccessfully ? ValueTask.FromResult(Say(finding.GetAwaiter().GetResult())) : Later();

        async ValueTask<Answer<Response?>> Later() => Say(await finding);

        Answer<Response?> Say(Outcome<FoundSession> outcome) =>
            !outcome.IsRefused ? Found(http, outcome.Value, token, cookies, cache, header)
            : outcome.Refusal!.Is(Refusals.InvalidSession) ? ((Answer<Response?>)(Response?)null).With(cookies.Clear())
            : outcome.Refusal; // nobody could look: that is not the same as no session
    }

    private static Answer<Response?> Found(
        HttpContext http,
        FoundSession found,
        string token,
        SessionCookies cookies,
        SessionCache cache,
        MintHeaderToken header
    )
    {
        var (jwt, minted) = header.Run(found.Entry);
        if (found.Entry.Said is not { } said || !ReferenceEquals(said.Minted, minted))
        {
            var json = Answer<Response?>.Write(new Response(found.Session.ToBetterAuth(token), found.User.ToBetterAuth()));
            said = new SessionCache.Said(json, jwt, minted);
            cache.Remember(found.Entry, said);
        }

        var headers = http.Response.Headers;
        headers["set-auth-jwt"] = jwt;
        headers.Append("access-control-expose-headers", found.IsRenewed ? "set-auth-jwt, set-auth-token" : "set-auth-jwt");
        var answer = Answer<Response?>.Finished(said.Json);
        if (cookies.ClearCache(http.Request) is { } clearing)
        {
            answer = answer.With(clearing);
        }

        return found.IsRenewed
            ? answer.With("set-auth-token", cookies.Bearer(token)).With(cookies.Issue(token, found.Session.CookieLifetime))
            : answer;
    }
}
