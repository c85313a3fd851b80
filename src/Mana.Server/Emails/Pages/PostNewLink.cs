using Mana.Platform.Http;
using Mana.Web;

namespace Mana.Emails.Pages;

public static class PostNewLink
{
    /// <summary>Mails a fresh link to the address an earlier one was for, or to one that was typed in. Says the same whatever it was.</summary>
    public static async Task<Page> Handle(
        Form form,
        ResendVerification resend,
        TrustedOrigins origins,
        Requester requester,
        CancellationToken cancel
    )
    {
        var floor = AnswerFloor.Start(cancel);
        var link = MailLink.From(form, origins);
        if (link.Token.Length > 0)
        {
            await resend.ByLink(link.Token, link.Onward.Target, requester, cancel);
        }
        else
        {
            await resend.Run(form.Text("email").Trim().ToLowerInvariant(), link.Onward.Target, requester, cancel);
        }

        await floor;

        return VerifyEmailPages.Show(new VerifyEmailView.Renewed(), link);
    }
}
