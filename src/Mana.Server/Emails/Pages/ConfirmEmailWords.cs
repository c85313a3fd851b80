using Mana.Web;

namespace Mana.Emails.Pages;

/// <summary>Every word of the page a mail to a new address leads to.</summary>
public sealed record ConfirmEmailWords
{
    private static readonly ConfirmEmailWords English = new()
    {
        Title = "Is this your new address?",
        Text = "A Mana account is to have this e-mail address from now on. If that was you, confirm it.",
        NewEmail = "New address",
        OldEmail = "So far",
        Button = "Confirm new address",
        ChangedTitle = "Your address is changed",
        ChangedText = "From now on you sign in with the new address. We have told the old one.",
        Continue = "Continue",
        SignIn = "Sign in",
        AnotherTitle = "You are signed in as somebody else",
        AnotherText = "This link belongs to another account. Sign out here, then open it again.",
        SignOut = "Sign out",
        ExpiredTitle = "This link has expired",
        ExpiredText =
            "Links are valid for a while only, and a newer mail replaces the earlier ones. Your address has not changed; ask for the change again.",
        InvalidTitle = "This link is not valid",
        InvalidText =
            "It may have been used already or cut off, or the device that asked for it is signed out by now. Sign in to see which address you have.",
    };

    private static readonly ConfirmEmailWords German = new()
    {
        Title = "Ist das deine neue Adresse?",
        Text = "Ein Mana-Konto soll künftig diese E-Mail-Adresse haben. Warst du das, dann bestätige sie.",
        NewEmail = "Neue Adresse",
        OldEmail = "Bisher",
        Button = "Neue Adresse bestätigen",
        ChangedTitle = "Deine Adresse ist geändert",
        ChangedText = "Ab jetzt meldest du dich mit der neuen Adresse an. Die alte haben wir benachrichtigt.",
        Continue = "Weiter",
        SignIn = "Anmelden",
        AnotherTitle = "Du bist mit einem anderen Konto angemeldet",
        AnotherText = "Dieser Link gehört zu einem anderen Konto. Melde dich hier ab und öffne ihn noch einmal.",
        SignOut = "Abmelden",
        ExpiredTitle = "Dieser Link ist abgelaufen",
        ExpiredText =
            "Links gelten nur eine Weile, und eine neuere Mail ersetzt die früheren. Deine Adresse ist unverändert; wünsche die Änderung noch einmal.",
        InvalidTitle = "Dieser Link ist ungültig",
        InvalidText =
            "Vielleicht wurde er schon benutzt oder abgeschnitten, oder das Gerät, das ihn wollte, ist inzwischen abgemeldet. Melde dich an, um zu sehen, welche Adresse du hast.",
    };

    public required string Title { get; init; }

    public required string Text { get; init; }

    public required string NewEmail { get; init; }

    public required string OldEmail { get; init; }

    public required string Button { get; init; }

    public required string ChangedTitle { get; init; }

    public required string ChangedText { get; init; }

    public required string Continue { get; init; }

    public required string SignIn { get; init; }

    public required string AnotherTitle { get; init; }

    public required string AnotherText { get; init; }

    public required string SignOut { get; init; }

    public required string ExpiredTitle { get; init; }

    public required string ExpiredText { get; init; }

    public required string InvalidTitle { get; init; }

    public required string InvalidText { get; init; }

    public static ConfirmEmailWords In(Language language) => language == Language.German ? German : English;
}
