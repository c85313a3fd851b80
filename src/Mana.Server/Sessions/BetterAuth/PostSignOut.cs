using Mana.Platform;
using Mana.Platform.Http;

namespace Mana.Sessions.BetterAuth;

public static class PostSignOut
{
    /// <summary>Ends the presented session and clears its cookies; succeeds without one too (wire section 7.4).</summary>
    public static async Task<Answer<BetterAuthSuccess>> Handle(
        PresentedSession presented,
        SignOut signOut,
        SessionCookies cookies,
        Requester requester,
        CancellationToken cancel
    )
    {
        if (presented.Token is { } token)
        {
            var ended = await signOut.Run(token, requester, cancel);
            Invariant.Holds(!ended.IsRefused);
        }

        Answer<BetterAuthSuccess> answer = new BetterAuthSuccess();
        return answer.With(cookies.Clear());
    }
}
