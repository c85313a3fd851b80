using Mana.Platform.Http;
using Mana.Web;

namespace Mana.Passwords.Pages;

public static class GetForgotPassword
{
    /// <summary>Asks for the address a link is to be mailed to.</summary>
    public static Page Handle(HttpRequest request, TrustedOrigins origins) =>
        ForgotPasswordPage.Show(new ForgotPasswordView.Ask(), Onward.From(request.Query, origins));
}
