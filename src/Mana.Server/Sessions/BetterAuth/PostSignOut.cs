using Mana.Platform.Http;

namespace Mana.Sessions.BetterAuth;

public static class PostSignOut
{
    /// <summary>
    /// Ends the presented session and clears its cookies; succeeds without one too (wire section 7.4). Who else is signed in in this browser
    /// is signed out as well (section 12.2).
    /// </summary>
    public static async Task<Answer<BetterAuthSuccess>> Handle(
        PresentedSession presented,
        SignOut signOut,
        SessionCookies cookies,
        Requester requester,
        CancellationToken cancel
    )
    {
        var held = requester.Browser.Tokens;
        await signOut.Run(presented.Token is { } token ? held.Prepend(token) : held, requester, cancel);
        Answer<BetterAuthSuccess> answer = new BetterAuthSuccess();

        return answer.With(cookies.Clear()).With([.. held.Select(cookies.ClearMulti)]);
    }
}
