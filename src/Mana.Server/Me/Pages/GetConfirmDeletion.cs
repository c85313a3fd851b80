using Mana.Platform.Http;
using Mana.Web;

namespace Mana.Me.Pages;

public static class GetConfirmDeletion
{
    /// <summary>Asks once more whether everything shall go. Uses nothing up, because mail scanners follow links (ruling 9).</summary>
    public static async Task<Page> Handle(
        HttpRequest request,
        [AsParameters] ConfirmDeletionPages pages,
        TrustedOrigins origins,
        CancellationToken cancel
    )
    {
        var link = MailLink.From(request.Query, origins);
        var (person, instead) = await pages.Look(link, cancel);

        return instead
            ?? ConfirmDeletionPage.Show(new ConfirmDeletionView.Ask(link, new Visitor(person!.Name, person.Email))) with
            {
                FormTarget = link.Onward.Target,
            };
    }
}
