using Mana.Platform;
using Mana.Platform.Http;
using Mana.Tokens;

namespace Mana.Sessions.V1;

public static class PostSessionToToken
{
    /// <summary>
    /// Exchanges the session cookie for tokens, so that a web app on another sub-domain is signed in without asking (single sign-on). The
    /// session stays the same one; the app gets the current refresh token of a line of its own. Wants an <c>Origin</c> of the trusted list.
    /// </summary>
    public static async Task<Answer<TokenPair>> Handle(
        HttpRequest http,
        PresentedSession presented,
        ShareSession share,
        SessionCookies cookies,
        MintAccessToken mint,
        Requester requester,
        TimeProvider clock,
        CancellationToken cancel
    )
    {
        if (presented.Token is not { } cookie)
        {
            return presented.Disowned ?? Refusals.NoValidSession;
        }

        var app = new WebApp(TrustedOrigins.Sender(http), DeviceId: null);
        var shared = await share.Exchange(cookie, app, requester, cancel);
        Answer<TokenPair> answer = shared.Then(session => TokenPair.Of(session, cookie, mint, clock.Now()));

        return shared.IsRefused ? answer.With(cookies.Clear()) : answer;
    }
}
