using Mana.Platform.Http;
using Mana.Web;

namespace Mana.Passwords.Pages;

public static class GetResetPassword
{
    /// <summary>Shows whose password a link sets and asks for the new one. Uses nothing up, because mail scanners follow links (ruling 9).</summary>
    public static async Task<Page> Handle(
        HttpRequest request,
        ResetPassword reset,
        TrustedOrigins origins,
        PasswordSettings passwords,
        CancellationToken cancel
    )
    {
        var link = MailLink.From(request.Query, origins);
        var found = await reset.Look(link.Token, cancel);

        return found.IsRefused
            ? ResetPasswordPage.Refused(found.Refusal!)
            : ResetPasswordPage.Show(new ResetPasswordView.Ask(link, ResetPasswordPage.Seen(found.Value.User), passwords.LengthMin));
    }
}
