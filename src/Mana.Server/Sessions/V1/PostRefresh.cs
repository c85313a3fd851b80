using Mana.Platform;
using Mana.Platform.Http;
using Mana.Tokens;

namespace Mana.Sessions.V1;

public static class PostRefresh
{
    public sealed record Request(string? RefreshToken, string? DeviceId) : IBody<Request>
    {
        public static bool MayBeAbsent => true;

        public static Request Parse(Fields fields) =>
            new(fields.OptionalText("refreshToken", min: 1), fields.OptionalText("deviceId", max: 255));
    }

    /// <summary>
    /// Exchanges a refresh token for a new pair; a token already exchanged ends the session. Without a token the session cookie is taken, and
    /// the web app it came from gets the next token of its own line.
    /// </summary>
    public static async Task<Answer<TokenPair>> Handle(
        Request request,
        HttpRequest http,
        PresentedSession presented,
        RotateRefreshToken rotate,
        ShareSession share,
        FindSession sessions,
        SessionCookies cookies,
        MintAccessToken mint,
        Requester requester,
        TimeProvider clock,
        CancellationToken cancel
    )
    {
        if (request.RefreshToken is { } token)
        {
            var rotated = await rotate.Run(token, requester, request.DeviceId, cancel);
            if (rotated.IsRefused)
            {
                return rotated.Refusal!;
            }

            var known = await IsOf(rotated.Value.Session, presented, sessions, cancel) ? presented.Token : null;
            return TokenPair.Of(rotated.Value, known, mint, clock.Now());
        }

        if (presented.Token is not { } cookie)
        {
            const string issue = "refreshToken: must be a string, or a session cookie must come along";
            return presented.Disowned ?? Refusals.Validation with { Message = issue, Errors = [issue] };
        }

        var app = new WebApp(TrustedOrigins.Sender(http), request.DeviceId);
        var refreshed = await share.Refresh(cookie, app, requester, cancel);
        Answer<TokenPair> answer = refreshed.Then(session => TokenPair.Of(session, cookie, mint, clock.Now()));

        return refreshed.IsRefused
            ? answer.With(cookies.Clear())
            : answer.With(cookies.Issue(cookie, refreshed.Value.Session.CookieLifetime));
    }

    // The cookie beside a refresh token may be of another sign-in; only its own session's secret belongs into the answer.
    private static async Task<bool> IsOf(Session session, PresentedSession presented, FindSession sessions, CancellationToken cancel)
    {
        if (presented.Token is not { } token)
        {
            return false;
        }

        var found = await sessions.Run(token, mayRenew: false, cancel);

        return !found.IsRefused && found.Value.Session.Id == session.Id;
    }
}
