using Mana.Platform;
using Mana.Platform.Http;
using Mana.Sessions;
using Mana.Web;

namespace Mana.SignIn.Pages;

public static class PostSignIn
{
    /// <summary>Signs in with address and password and goes on to where the visitor came from; what was wrong is said beside the field.</summary>
    public static async Task<Page> Handle(
        Form form,
        HttpRequest request,
        PasswordSignIn signIn,
        SessionCookies cookies,
        SessionSettings sessions,
        TrustedOrigins origins,
        PresentedSession presented,
        Requester requester,
        CancellationToken cancel
    )
    {
        var onward = Onward.From(form, origins);
        var language = Languages.Of(request);
        var (email, password) = (form.Text("email").Trim(), form.Text("password"));
        var ask = new SignInView.Ask
        {
            Email = email,
            IsRemembered = form.Text("remember").Length > 0,
            EmailError = FieldWords.In(language).OfEmail(email),
            PasswordError = password.Length == 0 ? SignInWords.In(language).NoPassword : null,
        };
        if (ask.HasProblem)
        {
            return SignInPage.Show(ask, onward) with { Status = Refusals.Validation.Status };
        }

        if (password.Length > PasswordSettings.LengthMax)
        {
            return Refused(Refusals.InvalidCredentials); // nobody has such a one, and hashing it would cost us
        }

        var stay = ask.IsRemembered ? new Stay(sessions.Lifetime, true) : new Stay(SessionSettings.UnrememberedLifetime, false);
        var outcome = await signIn.Run(email.ToLowerInvariant(), password, stay, requester, Device.Unnamed, cancel);
        if (outcome.IsRefused)
        {
            return Refused(outcome.Refusal!);
        }

        var issued = outcome.Value.Opened.Issued;
        return Page.SeeOther(onward.Address) with { Cookies = cookies.Issue(issued, presented, requester) };

        Page Refused(Refusal refusal)
        {
            SignInView view =
                refusal == Refusals.EmailNotVerified ? new SignInView.Unverified(email)
                : refusal == Refusals.InvalidCredentials ? ask with { PasswordError = SignInWords.In(language).WrongPassword }
                : ask with { Refusal = refusal };

            return SignInPage.Show(view, onward) with
            {
                Status = refusal.Status,
            };
        }
    }
}
