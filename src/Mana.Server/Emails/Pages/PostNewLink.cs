using Mana.Platform.Http;
using Mana.Web;

namespace Mana.Emails.Pages;

public static class PostNewLink
{
    /// <summary>Mails a fresh link to the address an expired one was for. Says the same whatever the link was.</summary>
    public static async Task<Page> Handle(
        Form form,
        ResendVerification resend,
        TrustedOrigins origins,
        Requester requester,
        CancellationToken cancel
    )
    {
        var link = MailLink.From(form, origins);
        await resend.ByLink(link.Token, link.Target, requester, cancel);

        return VerifyEmailPages.Show(new VerifyEmailView.Renewed(), link);
    }
}
