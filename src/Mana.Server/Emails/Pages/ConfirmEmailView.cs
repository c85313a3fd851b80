using Mana.Web;

namespace Mana.Emails.Pages;

/// <summary>The states of the page a mail to a new address leads to.</summary>
public abstract record ConfirmEmailView
{
    /// <summary>Both addresses with most of their letters left out, and no name: whoever asks could write a stranger a message in its place.</summary>
    public sealed record Ask(MailLink Link, string NewEmail, string OldEmail) : ConfirmEmailView;

    /// <param name="Next">Where to go on; checked.</param>
    public sealed record Changed(string NewEmail, bool IsSignedIn, string Next) : ConfirmEmailView;

    /// <summary>Another person is signed in in this browser.</summary>
    public sealed record OfAnother : ConfirmEmailView;

    public sealed record Expired : ConfirmEmailView;

    public sealed record Invalid : ConfirmEmailView;
}
