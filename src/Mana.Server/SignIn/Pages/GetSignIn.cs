using Mana.Platform.Http;
using Mana.Sessions;
using Mana.Web;

namespace Mana.SignIn.Pages;

public static class GetSignIn
{
    /// <summary>Asks for address and password; whoever is signed in already may go on at once.</summary>
    public static async Task<Page> Handle(
        HttpRequest request,
        FindSession sessions,
        PresentedSession presented,
        TrustedOrigins origins,
        CancellationToken cancel
    )
    {
        var onward = Onward.From(request.Query, origins);
        if (
            presented.Token is { } token
            && await sessions.Run(token, mayRenew: false, cancel) is { IsRefused: false, Value.User: var user }
        )
        {
            return SignInPage.Show(new SignInView.Known(new Visitor(user.Name, user.Email)), onward);
        }

        return SignInPage.Show(new SignInView.Ask { IsSignedOut = request.Query.ContainsKey("signed-out") }, onward);
    }
}
