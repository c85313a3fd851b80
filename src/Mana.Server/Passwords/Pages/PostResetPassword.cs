using Mana.Platform.Http;
using Mana.Web;

namespace Mana.Passwords.Pages;

public static class PostResetPassword
{
    /// <summary>Sets the new password, once, and ends every session; nobody is signed in by it (ruling 12).</summary>
    public static async Task<Page> Handle(
        Form form,
        HttpRequest request,
        ResetPassword reset,
        TrustedOrigins origins,
        SessionCookies cookies,
        PasswordSettings passwords,
        Requester requester,
        CancellationToken cancel
    )
    {
        var link = MailLink.From(form, origins);
        var found = await reset.Look(link.Token, cancel);
        if (found.IsRefused)
        {
            return ResetPasswordPage.Refused(found.Refusal!);
        }

        var outcome = await reset.Run(link.Token, form.Text("new-password"), requester, cancel);
        if (!outcome.IsRefused)
        {
            return ResetPasswordPage.Show(new ResetPasswordView.Changed()) with { Cookies = cookies.Clear() };
        }

        var refusal = outcome.Refusal!;
        if (FieldWords.In(Languages.Of(request)).OfNewPassword(refusal, passwords.LengthMin) is not { } error)
        {
            return ResetPasswordPage.Refused(refusal); // the link was used meanwhile, or the service is busy
        }

        var ask = new ResetPasswordView.Ask(link, ResetPasswordPage.Seen(found.Value.User), passwords.LengthMin) { Error = error };
        return ResetPasswordPage.Show(ask) with { Status = refusal.Status };
    }
}
