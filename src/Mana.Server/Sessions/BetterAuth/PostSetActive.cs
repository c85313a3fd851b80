using Mana.Platform.Http;

namespace Mana.Sessions.BetterAuth;

public static class PostSetActive
{
    public sealed record Request(string SessionToken) : IBody<Request>
    {
        public static Surface Surface => Surface.BetterAuth;

        public static Request Parse(Fields fields) => new(fields.Text("sessionToken"));
    }

    /// <summary>
    /// Makes another session of this browser the active one. Its own cookie is what proves it; the token in the body only names it (wire
    /// section 12.2).
    /// </summary>
    public static async Task<Answer<DeviceSession>> Handle(
        Request request,
        FindSession sessions,
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

        var outcome = await sessions.Run(token, mayRenew: false, cancel);
        if (outcome.IsRefused)
        {
            return outcome.Refusal!.Is(Refusals.InvalidSession)
                ? ((Answer<DeviceSession>)Refusals.InvalidSessionToken).With(cookies.ClearMulti(token))
                : outcome.Refusal;
        }

        var (session, user) = (outcome.Value.Session, outcome.Value.User);
        Answer<DeviceSession> answer = new DeviceSession(session.ToBetterAuth(token), user.ToBetterAuth());

        return answer.WithSession(cookies, token, session.CookieLifetime, presented);
    }
}
