using Mana.Platform.Http;
using Mana.Sessions;
using Mana.Web;

namespace Mana.Me.Pages;

public static class GetAccount
{
    /// <summary>Says who is signed in; whoever is not is asked to sign in and comes back here.</summary>
    public static async Task<Page> Handle(
        FindSession sessions,
        SessionCookies cookies,
        PresentedSession presented,
        CancellationToken cancel
    )
    {
        if (presented.Token is not { } token)
        {
            return Page.SeeOther("/sign-in");
        }

        var visitor = await sessions.Visitor(presented.Token, mayRenew: true, cancel);
        if (visitor.IsRefused)
        {
            return Page.Refused(visitor.Refusal!);
        }

        if (visitor.Value is not { } found)
        {
            return Page.SeeOther("/sign-in") with { Cookies = cookies.Clear() };
        }

        var (session, user) = (found.Session, found.User);
        var view = new AccountView(new Visitor(user.Name, user.Email), user.IsEmailVerified, user.CreatedAt, session.CreatedAt);
        var page = Page.Of<AccountPage, AccountView>(view);

        return found.IsRenewed ? page with { Cookies = cookies.Issue(token, session.CookieLifetime) } : page;
    }
}
