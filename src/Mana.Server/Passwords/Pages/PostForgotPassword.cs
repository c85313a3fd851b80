using Mana.Platform.Http;
using Mana.Web;

namespace Mana.Passwords.Pages;

public static class PostForgotPassword
{
    /// <summary>Mails a link that sets a new password. Says the same for every address.</summary>
    public static async Task<Page> Handle(
        Form form,
        HttpRequest request,
        RequestPasswordReset reset,
        TrustedOrigins origins,
        Requester requester,
        CancellationToken cancel
    )
    {
        var onward = Onward.From(form, origins);
        var email = form.Text("email").Trim();
        if (FieldWords.In(Languages.Of(request)).OfEmail(email) is { } error)
        {
            var ask = new ForgotPasswordView.Ask { Email = email, EmailError = error };
            return ForgotPasswordPage.Show(ask, onward) with { Status = Refusals.Validation.Status };
        }

        // Without a target: the one of this page is where to go on after signing in, not a form that takes a secret (ruling 9).
        var outcome = await reset.Run(email.ToLowerInvariant(), redirectTo: null, requester, cancel);

        return outcome.IsRefused ? Page.Refused(outcome.Refusal!) : ForgotPasswordPage.Show(new ForgotPasswordView.Sent(email), onward);
    }
}
