using Mana.Platform.Http;
using Mana.Sessions;
using Mana.Users;
using Mana.Web;

namespace Mana.Me.Pages;

/// <summary>Whether a link that erases may be followed here; looking and acting agree because both ask this.</summary>
public sealed record ConfirmDeletionPages(FollowErasureLink Follow, FindSession Sessions, PresentedSession Presented)
{
    /// <returns>The person who may go on, or the page that says why nobody may.</returns>
    public async Task<(User? Person, Page? Instead)> Look(MailLink link, CancellationToken cancel)
    {
        var found = await Follow.Look(link.Token, cancel);
        if (found.IsRefused)
        {
            return (null, ConfirmDeletionPage.Refused(found.Refusal!));
        }

        var session = await Sessions.Visitor(Presented.Token, mayRenew: false, cancel);
        if (session.IsRefused)
        {
            return (null, Page.Refused(session.Refusal!));
        }

        if (session.Value is not { } visitor)
        {
            var onward = link.Onward.Target is { } target ? $"&{Onward.Name}={Uri.EscapeDataString(target)}" : "";
            var here = $"/confirm-deletion?{MailLink.TokenName}={Uri.EscapeDataString(link.Token)}{onward}";
            var first = new ConfirmDeletionView.SignInFirst(new Onward(here).By("/sign-in"));
            return (null, ConfirmDeletionPage.Show(first) with { Status = StatusCodes.Status401Unauthorized });
        }

        return visitor.User.Id == found.Value.User.Id ? (visitor.User, null) : (null, ConfirmDeletionPage.Refused(Refusals.LinkInvalid));
    }
}
