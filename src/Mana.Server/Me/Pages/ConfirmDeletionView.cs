using Mana.Web;

namespace Mana.Me.Pages;

/// <summary>The states of the page a mail about erasing leads to.</summary>
public abstract record ConfirmDeletionView
{
    /// <summary>The person the link was mailed to is signed in here.</summary>
    public sealed record Ask(MailLink Link, Visitor Visitor) : ConfirmDeletionView;

    /// <param name="SignIn">The sign-in page, from which this one is reached again.</param>
    public sealed record SignInFirst(string SignIn) : ConfirmDeletionView;

    public sealed record Erased : ConfirmDeletionView;

    public sealed record Expired : ConfirmDeletionView;

    /// <summary>No such link, or it is somebody else's: the same, so that nobody learns of another's wish.</summary>
    public sealed record Invalid : ConfirmDeletionView;
}
