using Mana.Platform;
using Mana.Platform.Http;
using Mana.Protocols.Cookies;
using Mana.Users;
using Mana.Web;

namespace Mana.SignUp.Pages;

/// <summary>Which state of the page is shown.</summary>
public sealed record SignUpPages(
    SessionCookies Cookies,
    SessionSettings Sessions,
    PasswordSettings Passwords,
    EmailSettings Emails,
    CreditSettings Credits
)
{
    public SignUpView.Ask Empty => new(Passwords.LengthMin, Credits.SignupBonus);

    /// <summary>What was typed, without the password.</summary>
    public SignUpView.Ask Filled(Form form, FieldWords words)
    {
        var (name, email) = (form.Text("name").Trim(), form.Text("email").Trim());

        return Empty with
        {
            Name = Cut.To(name, User.NameLengthMax),
            Email = email,
            EmailError = words.OfEmail(email),
        };
    }

    public Page Refused(SignUpView.Ask ask, Refusal refusal, FieldWords words, Onward onward)
    {
        var view =
            refusal == Refusals.EmailAlreadyRegistered ? ask with { IsTaken = true }
            : words.OfNewPassword(refusal, Passwords.LengthMin) is { } error ? ask with { PasswordError = error }
            : ask with { Refusal = refusal };

        return SignUpPage.Show(view, onward) with
        {
            Status = refusal.Status,
        };
    }

    public Page Done(Registered registered, Onward onward, PresentedSession presented, Requester requester)
    {
        var (user, signedIn) = registered;
        SetCookie[] flow = Emails.LinksArePages ? [Cookies.IssueSignUpFlow(user.Id.Value, Emails.VerificationLifetime)] : [];

        return signedIn is null
            ? SignUpPage.Show(new SignUpView.Sent(user.Email), onward) with
            {
                Cookies = flow,
            }
            : Page.SeeOther(onward.Address) with
            {
                Cookies = [.. Cookies.Issue(signedIn.Opened.Issued, presented, requester), .. flow],
            };
    }
}
