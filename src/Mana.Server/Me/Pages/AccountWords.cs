using Mana.Web;

namespace Mana.Me.Pages;

/// <summary>Every word of the page that says who is signed in.</summary>
public sealed record AccountWords
{
    private static readonly AccountWords English = new()
    {
        Title = "Your account",
        Text = "You are signed in on this browser.",
        Email = "E-mail address",
        Verified = "Confirmed",
        Unverified = "Not confirmed yet",
        MemberSince = "Member since",
        SignedIn = "Signed in since",
        SignOut = "Sign out",
    };

    private static readonly AccountWords German = new()
    {
        Title = "Dein Konto",
        Text = "Du bist in diesem Browser angemeldet.",
        Email = "E-Mail-Adresse",
        Verified = "Bestätigt",
        Unverified = "Noch nicht bestätigt",
        MemberSince = "Dabei seit",
        SignedIn = "Angemeldet seit",
        SignOut = "Abmelden",
    };

    public required string Title { get; init; }

    public required string Text { get; init; }

    public required string Email { get; init; }

    public required string Verified { get; init; }

    public required string Unverified { get; init; }

    public required string MemberSince { get; init; }

    public required string SignedIn { get; init; }

    public required string SignOut { get; init; }

    public static AccountWords In(Language language) => language == Language.German ? German : English;
}
