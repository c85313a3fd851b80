using Mana.Platform.Http;
using Mana.Web;

namespace Mana.Emails.Pages;

public static class PostNewLink
{
    /// <summary>Whether or not there is somebody to write to, an answer takes at least this long, as on the wire.</summary>
    private static readonly TimeSpan Floor = TimeSpan.FromMilliseconds(500);

    /// <summary>Mails a fresh link to the address an earlier one was for, or to one that was typed in. Says the same whatever it was.</summary>
    public static async Task<Page> Handle(
        Form form,
        ResendVerification resend,
        TrustedOrigins origins,
        Requester requester,
        CancellationToken cancel
    )
    {
        var floor = Task.Delay(Floor, cancel);
        var link = MailLink.From(form, origins);
        if (link.Token.Length > 0)
        {
            await resend.ByLink(link.Token, link.Onward.Target, requester, cancel);
        }
        else
        {
            await resend.Run(form.Text("email").ToLowerInvariant(), link.Onward.Target, requester, cancel);
        }

        await floor;

        return VerifyEmailPages.Show(new VerifyEmailView.Renewed(), link);
    }
}
