using Mana.Web;

namespace Mana.Passwords.Pages;

/// <summary>The states of the page a mail about a forgotten password leads to.</summary>
public abstract record ResetPasswordView
{
    public sealed record Ask(MailLink Link, Visitor Visitor, int PasswordLengthMin) : ResetPasswordView
    {
        public FieldError? Error { get; init; }
    }

    public sealed record Changed : ResetPasswordView;

    /// <summary>The link was good once, or a newer mail took its place.</summary>
    public sealed record Expired : ResetPasswordView;

    /// <summary>Nobody sent such a link, or it has done its work.</summary>
    public sealed record Invalid : ResetPasswordView;
}
