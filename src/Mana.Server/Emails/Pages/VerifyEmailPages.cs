using Mana.Platform;
using Mana.Platform.Http;
using Mana.Security;
using Mana.Users;
using Mana.Web;

namespace Mana.Emails.Pages;

/// <summary>Which state of the page is shown; the doors of looking and of acting agree because both ask here.</summary>
public sealed record VerifyEmailPages(SessionCookies Cookies, PasswordSettings Passwords, HttpSettings Http)
{
    public static Page Refused(MailLink link, Refusal refusal) =>
        refusal == Refusals.LinkExpired ? Show(new VerifyEmailView.Expired(link), link) with { Status = refusal.Status }
        : refusal == Refusals.LinkInvalid ? Show(new VerifyEmailView.Invalid(), link) with { Status = refusal.Status }
        : Page.Refused(refusal);

    public Page Pending(HttpRequest request, MailLink link, Verification pending)
    {
        var visitor = Seen(pending.User);
        if (pending.IsUsed || pending.User.IsEmailVerified)
        {
            return Verified(link, visitor, isSignedIn: false);
        }

        return IsSignUpBrowser(request, pending)
            ? Show(new VerifyEmailView.Confirm(link, visitor), link)
            : Show(new VerifyEmailView.Prove(link, visitor, Passwords.LengthMin), link);
    }

    /// <summary>Again, with a sentence beside the field that was refused.</summary>
    public Page Refused(MailLink link, Verification pending, FieldError? typed, FieldError? replaced, int status) =>
        Show(
            new VerifyEmailView.Prove(link, Seen(pending.User), Passwords.LengthMin) { TypedError = typed, NewError = replaced },
            link
        ) with
        {
            Status = status,
        };

    public Page Verified(MailLink link, Visitor visitor, bool isSignedIn) =>
        Show(
            new VerifyEmailView.Verified(
                visitor,
                isSignedIn,
                isSignedIn ? link.Onward.Target ?? Http.FrontendUrl.ToString() : link.Onward.By("/sign-in")
            ),
            link
        );

    /// <summary>The browser carries the signed cookie this very person's sign-up left in it, so the password on the account is theirs (ruling 10).</summary>
    public bool IsSignUpBrowser(HttpRequest request, Verification pending) => Cookies.ReadSignUpFlow(request) == pending.User.Id.Value;

    public static Page Show(VerifyEmailView view, MailLink link) =>
        Page.Of<VerifyEmailPage, VerifyEmailView>(view) with
        {
            FormTarget = link.Onward.Target,
            HasSecretAddress = true,
        };

    public static Visitor Seen(User user) => Visitor.Masked(user.Name, user.Email);
}
