using Mana.Platform.Http;
using Mana.Web;

namespace Mana.Emails.Pages;

public static class GetConfirmEmail
{
    /// <summary>Shows which address is to take the place of which. Uses nothing up, because mail scanners follow links (ruling 9).</summary>
    public static async Task<Page> Handle(HttpRequest request, ChangeEmail change, TrustedOrigins origins, CancellationToken cancel)
    {
        var link = MailLink.From(request.Query, origins);
        var found = await change.Look(link.Token, cancel);
        if (found.IsRefused)
        {
            return ConfirmEmailPage.Refused(found.Refusal!);
        }

        var (user, newEmail) = found.Value;
        return ConfirmEmailPage.Show(
            new ConfirmEmailView.Ask(link, ConfirmEmailPage.Masked(newEmail), ConfirmEmailPage.Masked(user.Email))
        );
    }
}
