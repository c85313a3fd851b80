using Mana.Web;

namespace Mana.Emails.Pages;

/// <summary>The states of the page a verification mail leads to.</summary>
public abstract record VerifyEmailView
{
    /// <summary>Nobody sent such a link.</summary>
    public sealed record Invalid : VerifyEmailView;

    /// <summary>The link was good once, or a newer mail took its place.</summary>
    public sealed record Expired(MailLink Link) : VerifyEmailView;

    /// <summary>A newer link is on its way, if it was needed.</summary>
    public sealed record Renewed : VerifyEmailView;

    /// <summary>The browser that signed up: one button is enough.</summary>
    public sealed record Confirm(MailLink Link, Visitor Visitor) : VerifyEmailView;

    /// <summary>Another browser: the visitor shows that the password is theirs, or sets a new one.</summary>
    public sealed record Prove(MailLink Link, Visitor Visitor, int PasswordLengthMin) : VerifyEmailView
    {
        /// <summary>What was wrong with the password they said they chose.</summary>
        public FieldError? TypedError { get; init; }

        /// <summary>What is wrong with the new password.</summary>
        public FieldError? NewError { get; init; }
    }

    /// <summary>The address is proved.</summary>
    /// <param name="IsSignedIn">False for a link that was used before: a success without a session (ruling 12a).</param>
    /// <param name="Next">Where to go on; checked.</param>
    public sealed record Verified(Visitor Visitor, bool IsSignedIn, string Next) : VerifyEmailView;
}
