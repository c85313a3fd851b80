using Mana.Web;

namespace Mana.Passwords.Pages;

/// <summary>The states of the page for whoever forgot their password.</summary>
public abstract record ForgotPasswordView
{
    /// <summary>Where it goes on; set for all states alike.</summary>
    public Onward Onward { get; init; } = Onward.Nowhere;

    public sealed record Ask : ForgotPasswordView
    {
        public string Email { get; init; } = "";

        public FieldError? EmailError { get; init; }
    }

    /// <summary>A link is on its way, if somebody has this address.</summary>
    public sealed record Sent(string Email) : ForgotPasswordView;
}
