using Mana.Platform;
using Mana.Platform.Http;
using Mana.Web;

namespace Mana.Sessions.Pages;

public static class PostSignOut
{
    /// <summary>Ends the session of this browser; without one it succeeds as well.</summary>
    public static async Task<Page> Handle(
        Form form,
        PresentedSession presented,
        SignOut signOut,
        SessionCookies cookies,
        TrustedOrigins origins,
        Requester requester,
        CancellationToken cancel
    )
    {
        if (presented.Token is { } token)
        {
            var ended = await signOut.Run(token, requester, cancel);
            Invariant.Holds(!ended.IsRefused);
        }

        var onward = Onward.From(form, origins);
        return Page.SeeOther(onward.Target is null ? "/sign-in?signed-out" : onward.By("/sign-in")) with { Cookies = cookies.Clear() };
    }
}
