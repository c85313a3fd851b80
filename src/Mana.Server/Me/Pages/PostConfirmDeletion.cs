using Mana.Platform.Http;
using Mana.Web;

namespace Mana.Me.Pages;

public static class PostConfirmDeletion
{
    /// <summary>Erases the person the link was mailed to, who is signed in here; then goes on to where the mail said.</summary>
    public static async Task<Page> Handle(
        Form form,
        [AsParameters] ConfirmDeletionPages pages,
        SessionCookies cookies,
        TrustedOrigins origins,
        CancellationToken cancel
    )
    {
        var link = MailLink.From(form, origins);
        var (person, instead) = await pages.Look(link, cancel);
        if (instead is not null)
        {
            return instead;
        }

        var erased = await pages.Follow.Run(link.Token, person!.Id, cancel);
        if (erased.IsRefused)
        {
            return ConfirmDeletionPage.Refused(erased.Refusal!);
        }

        var page = link.Onward.Target is { } target ? Page.SeeOther(target) : ConfirmDeletionPage.Show(new ConfirmDeletionView.Erased());
        return page with { Cookies = cookies.Clear() };
    }
}
