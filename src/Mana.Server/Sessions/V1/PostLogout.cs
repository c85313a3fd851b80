using System.Text;
using Mana.Platform;
using Mana.Platform.Http;
using Mana.Protocols.Jose;
using Mana.Tokens;

namespace Mana.Sessions.V1;

public static class PostLogout
{
    public sealed record Request(string? RefreshToken) : IBody<Request>
    {
        public static bool MayBeAbsent => true;

        public static Request Parse(Fields fields) => new(fields.OptionalText("refreshToken"));
    }

    public sealed record Response(bool Success, string Message);

    /// <summary>
    /// Ends the session named by the access token, else by the refresh token, else by the cookie. An access token that is over still leaves the
    /// refresh token to name it. Signing out twice succeeds twice.
    /// </summary>
    public static async Task<Answer<Response>> Handle(
        Request request,
        HttpContext http,
        CheckAccessToken tokens,
        SignOut signOut,
        RotateRefreshToken refresh,
        SessionCookies cookies,
        PresentedSession presented,
        Requester requester,
        CancellationToken cancel
    )
    {
        Outcome<Done> ended;
        var token = SessionCookies.BearerToken(http.Request);
        VerifiedToken? verified = null;
        var fault = token is null ? TokenFault.None : tokens.Run(Encoding.UTF8.GetBytes(token), out verified);
        if (verified is not null)
        {
            ended = await signOut.Run(new SessionId(verified.Claims.SessionId), requester, cancel);
        }
        else if (request.RefreshToken is { } refreshToken)
        {
            var owner = await refresh.SessionOf(refreshToken, cancel);
            ended = owner.IsRefused ? owner.Refusal! : await signOut.Run(owner.Value, requester, cancel);
        }
        else if (token is not null)
        {
            ended = fault == TokenFault.Expired ? Refusals.TokenExpired : Refusals.InvalidToken;
        }
        else
        {
            ended = presented.Token is { } cookie
                ? await signOut.Run(cookie, requester, cancel)
                : presented.Disowned ?? Refusals.Unauthorized;
        }

        Answer<Response> answer = ended.Then(_ => new Response(true, "Signed out successfully"));
        return ended.IsRefused ? answer : answer.With(cookies.Clear());
    }
}
