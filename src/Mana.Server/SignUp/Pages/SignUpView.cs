using Mana.Platform;
using Mana.Web;

namespace Mana.SignUp.Pages;

/// <summary>The states of the page where people sign up.</summary>
public abstract record SignUpView
{
    /// <summary>Where it goes on; set for all states alike.</summary>
    public Onward Onward { get; init; } = Onward.Nowhere;

    /// <param name="Bonus">Credits of a new account.</param>
    public sealed record Ask(int PasswordLengthMin, long Bonus) : SignUpView
    {
        public string Name { get; init; } = "";

        public string Email { get; init; } = "";

        public FieldError? EmailError { get; init; }

        public FieldError? PasswordError { get; init; }

        /// <summary>Somebody has an account with this address.</summary>
        public bool IsTaken { get; init; }

        /// <summary>A "no" that is about no field: too many tries, too busy.</summary>
        public Refusal? Refusal { get; init; }

        public bool HasProblem => EmailError is not null || PasswordError is not null || IsTaken || Refusal is not null;
    }

    /// <summary>The account is there once the link in the mail is followed.</summary>
    public sealed record Sent(string Email) : SignUpView;
}
