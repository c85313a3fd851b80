using Mana.Platform.Http;

namespace Mana.Sessions.BetterAuth;

public static class GetListDeviceSessions
{
    /// <summary>
    /// Who is signed in in this browser, by the cookies of the multi-session plugin: one live session for each person, none without cookies
    /// (wire section 12.2). Needs no session.
    /// </summary>
    public static async Task<Answer<DeviceSession[]>> Handle(Requester requester, FindBrowserSessions sessions, CancellationToken cancel)
    {
        var living = await sessions.Run(requester.Browser.Tokens, cancel);

        return living.Then(found =>
            found.Select(one => new DeviceSession(one.Found.Session.ToBetterAuth(one.Token), one.Found.User.ToBetterAuth())).ToArray()
        );
    }
}
