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
    /// Ends the session named by the access token, else by the refresh token, else by the cookie. Signing out twice succeeds twice.
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
        if (SessionCookies.BearerToken(http.Request) is { } token)
        {
            var fault = tokens.Run(Encoding.UTF8.GetBytes(token), out var verified);
            ended =
                fault == TokenFault.None ? await signOut.Run(new SessionId(verified!.Claims.SessionId), requester, cancel)
                : fault == TokenFault.Expired ? Refusals.TokenExpired
                : Refusals.InvalidToken;
        }
        else if (request.RefreshToken is { } refreshToken)
        {
            var owner = await refresh.SessionOf(refreshToken, cancel);
            ended = owner.IsRefused ? owner.Refusal! : await signOut.Run(owner.Value, requester, cancel);
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
