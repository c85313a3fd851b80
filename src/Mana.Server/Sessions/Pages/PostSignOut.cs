using Mana.Platform.Http;
using Mana.Web;

namespace Mana.Sessions.Pages;

public static class PostSignOut
{
    /// <summary>Ends the session of this browser, and those of others who are signed in in it; without one it succeeds as well.</summary>
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
        var held = requester.Browser.Tokens;
        await signOut.Run(presented.Token is { } token ? held.Prepend(token) : held, requester, cancel);
        var onward = Onward.From(form, origins);

        return Page.SeeOther(onward.Target is null ? "/sign-in?signed-out" : onward.By("/sign-in")) with
        {
            Cookies = [.. cookies.Clear(), .. held.Select(cookies.ClearMulti)],
        };
    }
}
