using Mana.Platform;
using Mana.Platform.Http;
using Mana.Web;

namespace Mana.Emails.Pages;

public static class PostVerifyEmail
{
    /// <summary>Proves the mailbox and signs in, once; then goes on to where the mail said.</summary>
    public static async Task<Page> Handle(
        Form form,
        HttpRequest request,
        VerifyEmail verify,
        [AsParameters] VerifyEmailPages show,
        TrustedOrigins origins,
        PresentedSession presented,
        Requester requester,
        CancellationToken cancel
    )
    {
        var link = MailLink.From(form, origins);
        var found = await verify.Look(link.Token, cancel);
        if (found.IsRefused)
        {
            return VerifyEmailPages.Refused(link, found.Refusal!);
        }

        if (Proof(form, isSignUpBrowser: show.IsSignUpBrowser(request, found.Value)) is not { } proof)
        {
            return show.Pending(request, link, found.Value);
        }

        var outcome = await verify.Run(link.Token, proof, requester, cancel);
        if (outcome.IsRefused)
        {
            return Refused(outcome.Refusal!, proof, Languages.Of(request));
        }

        if (outcome.Value.SignedIn is not { } signedIn)
        {
            return show.Verified(link, VerifyEmailPages.Seen(outcome.Value.User), isSignedIn: false);
        }

        var page = link.Onward.Target is { } target
            ? Page.SeeOther(target)
            : show.Verified(link, VerifyEmailPages.Seen(signedIn.User), isSignedIn: true);
        return page with { Cookies = show.Cookies.Issue(signedIn.Opened.Issued, presented, requester) };

        Page Refused(Refusal refusal, PasswordProof tried, Language language)
        {
            var wrong = refusal == Refusals.InvalidCredentials ? VerifyEmailWords.In(language).Wrong : null;
            if ((wrong ?? FieldWords.In(language).OfNewPassword(refusal, show.Passwords.LengthMin)) is not { } error)
            {
                // Not about the password: the link itself, which another tab may have used up meanwhile, or the service.
                return VerifyEmailPages.Refused(link, refusal);
            }

            return tried is PasswordProof.Replaced
                ? show.Refused(link, found.Value, typed: null, replaced: error, refusal.Status)
                : show.Refused(link, found.Value, typed: error, replaced: null, refusal.Status);
        }
    }

    /// <returns>Null when the form says nothing we can act on: whoever says "keep" without the cookie is asked for the password.</returns>
    private static PasswordProof? Proof(Form form, bool isSignUpBrowser) =>
        form.Text("proof") switch
        {
            Proofs.Keep when isSignUpBrowser => new PasswordProof.Keep(),
            Proofs.Typed => new PasswordProof.Typed(form.Text("password")),
            Proofs.Replaced => new PasswordProof.Replaced(form.Text("new-password")),
            _ => null,
        };
}
