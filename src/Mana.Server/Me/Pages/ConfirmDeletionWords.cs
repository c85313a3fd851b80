using Mana.Web;

namespace Mana.Me.Pages;

/// <summary>Every word of the page a mail about erasing leads to.</summary>
public sealed record ConfirmDeletionWords
{
    private static readonly ConfirmDeletionWords English = new()
    {
        Title = "Erase your account?",
        Text = "Everything we know about you goes: profile, sessions, password and what is left of your credits. There is no way back.",
        Button = "Erase my account",
        Keep = "Keep it",
        SignInTitle = "Sign in first",
        SignInText =
            "So that a forwarded mail harms nobody, an account is erased only where its person is signed in. Sign in, and you come back here.",
        SignIn = "Sign in",
        ErasedTitle = "Your account is erased",
        ErasedText = "Nothing about you is left with us. A last mail is on its way to say so.",
        Home = "To the start page",
        ExpiredTitle = "This link has expired",
        ExpiredText = "Links are valid for a while only, and a newer mail replaces the earlier ones. Your account is untouched.",
        InvalidTitle = "This link is not valid",
        InvalidText = "It may have been used already or cut off, or it belongs to another account than the one that is signed in here.",
        Account = "To your account",
    };

    private static readonly ConfirmDeletionWords German = new()
    {
        Title = "Konto löschen?",
        Text =
            "Alles, was wir über dich wissen, verschwindet: Profil, Sitzungen, Passwort und der Rest deiner Credits. Es gibt kein Zurück.",
        Button = "Mein Konto löschen",
        Keep = "Behalten",
        SignInTitle = "Melde dich zuerst an",
        SignInText =
            "Damit eine weitergeleitete Mail niemandem schadet, wird ein Konto nur dort gelöscht, wo sein Mensch angemeldet ist. Melde dich an, danach geht es hier weiter.",
        SignIn = "Anmelden",
        ErasedTitle = "Dein Konto ist gelöscht",
        ErasedText = "Bei uns ist nichts mehr über dich gespeichert. Eine letzte Mail, die das sagt, ist unterwegs.",
        Home = "Zur Startseite",
        ExpiredTitle = "Dieser Link ist abgelaufen",
        ExpiredText = "Links gelten nur eine Weile, und eine neuere Mail ersetzt die früheren. Dein Konto ist unverändert.",
        InvalidTitle = "Dieser Link ist ungültig",
        InvalidText =
            "Vielleicht wurde er schon benutzt oder abgeschnitten, oder er gehört zu einem anderen Konto als dem, das hier angemeldet ist.",
        Account = "Zu deinem Konto",
    };

    public required string Title { get; init; }

    public required string Text { get; init; }

    public required string Button { get; init; }

    public required string Keep { get; init; }

    public required string SignInTitle { get; init; }

    public required string SignInText { get; init; }

    public required string SignIn { get; init; }

    public required string ErasedTitle { get; init; }

    public required string ErasedText { get; init; }

    public required string Home { get; init; }

    public required string ExpiredTitle { get; init; }

    public required string ExpiredText { get; init; }

    public required string InvalidTitle { get; init; }

    public required string InvalidText { get; init; }

    public required string Account { get; init; }

    public static ConfirmDeletionWords In(Language language) => language == Language.German ? German : English;
}
