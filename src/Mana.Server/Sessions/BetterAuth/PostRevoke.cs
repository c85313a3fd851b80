using Mana.Platform;
using Mana.Platform.Http;

namespace Mana.Sessions.BetterAuth;

public static class PostRevoke
{
    public sealed record Request(string SessionToken) : IBody<Request>
    {
        public static Surface Surface => Surface.BetterAuth;

        public static Request Parse(Fields fields) => new(fields.Text("sessionToken"));
    }

    /// <summary>
    /// Ends a session of this browser. If it was the active one, the next that lives takes its place; without one the cookies of the session
    /// are cleared (wire section 12.2).
    /// </summary>
    public static async Task<Answer<BetterAuthStatus>> Handle(
        Request request,
        SignOut signOut,
        FindBrowserSessions sessions,
        SessionCookies cookies,
        PresentedSession presented,
        Requester requester,
        CancellationToken cancel
    )
    {
        if (requester.Browser.Find(request.SessionToken) is not { } token)
        {
            return Refusals.InvalidSessionToken;
        }

        var ended = await signOut.Run(token, requester, cancel);
        Invariant.Holds(!ended.IsRefused);
        Answer<BetterAuthStatus> answer = new BetterAuthStatus();
        answer = answer.With(cookies.ClearMulti(token));
        if (token != presented.Token)
        {
            return answer;
        }

        // It has ended, whatever becomes of the look for the next one: a browser that could not be given that is signed out.
        var living = await sessions.Run(requester.Browser.Tokens.Where(held => held != token), cancel);

        return !living.IsRefused && living.Value is [var next, ..]
            ? answer.WithSession(cookies, next.Token, next.Found.Session.CookieLifetime, presented)
            : answer.With(cookies.Clear());
    }
}
