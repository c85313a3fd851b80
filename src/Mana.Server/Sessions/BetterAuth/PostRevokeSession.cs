using Mana.Platform.Http;

namespace Mana.Sessions.BetterAuth;

public static class PostRevokeSession
{
    public sealed record Request(string Token) : IBody<Request>
    {
        public static Surface Surface => Surface.BetterAuth;

        public static Request Parse(Fields fields) => new(fields.Text("token"));
    }

    /// <summary>
    /// Ends one of the caller's sessions by the <c>token</c> that list-sessions showed. Answers the same whatever the token was; ending the
    /// current one clears its cookies (wire section 7.19).
    /// </summary>
    public static async Task<Answer<BetterAuthStatus>> Handle(
        Request request,
        Caller caller,
        RevokeOwnSessions revoke,
        SessionCookies cookies,
        Requester requester,
        CancellationToken cancel
    )
    {
        var ended = await revoke.Named(caller, request.Token, requester, cancel);
        Answer<BetterAuthStatus> answer = new BetterAuthStatus();

        return !ended.IsRefused && ended.Value == caller.SessionId ? answer.With(cookies.Clear()) : answer;
    }
}
