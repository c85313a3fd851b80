using Mana.Platform;
using Mana.Web;

namespace Mana.SignIn.Pages;

/// <summary>The states of the page where people sign in.</summary>
public abstract record SignInView
{
    /// <summary>Where it goes on; set for all states alike.</summary>
    public Onward Onward { get; init; } = Onward.Nowhere;

    public sealed record Ask : SignInView
    {
        public string Email { get; init; } = "";

        public bool IsRemembered { get; init; } = true;

        public bool IsSignedOut { get; init; }

        public FieldError? EmailError { get; init; }

        public FieldError? PasswordError { get; init; }

        /// <summary>A "no" that is about neither field: too many tries, too busy.</summary>
        public Refusal? Refusal { get; init; }

        public bool HasProblem => EmailError is not null || PasswordError is not null || Refusal is not null;
    }

    /// <summary>The browser has a live session.</summary>
    public sealed record Known(Visitor Visitor) : SignInView;

    /// <summary>The password was right, and the mailbox has to be proved first.</summary>
    public sealed record Unverified(string Email) : SignInView;
}
