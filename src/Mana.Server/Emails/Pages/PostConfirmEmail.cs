using Mana.Platform.Http;
using Mana.Sessions;
using Mana.Web;

namespace Mana.Emails.Pages;

public static class PostConfirmEmail
{
    /// <summary>Changes the address, once. Nobody need be signed in here, but nobody else may be (wire section 7.7).</summary>
    public static async Task<Page> Handle(
        Form form,
        ChangeEmail change,
        FindSession sessions,
        PresentedSession presented,
        TrustedOrigins origins,
        Requester requester,
        CancellationToken cancel
    )
    {
        var link = MailLink.From(form, origins);
        var visitor = await sessions.Visitor(presented.Token, mayRenew: false, cancel);
        if (visitor.IsRefused)
        {
            return Page.Refused(visitor.Refusal!);
        }

        var signedIn = visitor.Value?.User.Id;
        var outcome = await change.Run(link.Token, signedIn, requester, cancel);
        if (outcome.IsRefused)
        {
            return ConfirmEmailPage.Refused(outcome.Refusal!);
        }

        var next = signedIn is null ? link.Onward.By("/sign-in") : link.Onward.Address;
        return ConfirmEmailPage.Show(
            new ConfirmEmailView.Changed(ConfirmEmailPage.Masked(outcome.Value.Email), signedIn is not null, next)
        );
    }
}
