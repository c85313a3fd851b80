using Mana.Platform.Http;
using Mana.Web;

namespace Mana.SignUp.Pages;

public static class GetSignUp
{
    /// <summary>Asks for what an account needs.</summary>
    public static Page Handle(HttpRequest request, TrustedOrigins origins, [AsParameters] SignUpPages show) =>
        SignUpPage.Show(show.Empty, Onward.From(request.Query, origins));
}
