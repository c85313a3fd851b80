using Mana.Web;

namespace Mana.Passwords.Pages;

/// <summary>Every word of the page a mail about a forgotten password leads to.</summary>
public sealed record ResetPasswordWords
{
    private static readonly ResetPasswordWords English = new()
    {
        Title = "Choose a new password",
        Text = "Every device that is signed in will be signed out.",
        Button = "Set password",
        ChangedTitle = "Your password is set",
        ChangedText = "The earlier one stopped working, and every device is signed out. Sign in with the new one.",
        SignIn = "Sign in",
        ExpiredTitle = "This link has expired",
        ExpiredText = "Links are valid for a while only, and a newer mail replaces the earlier ones.",
        InvalidTitle = "This link is not valid",
        InvalidText = "It may have been used already or cut off. If you have just set a new password, sign in with it.",
        Renew = "Send a new link",
    };

    private static readonly ResetPasswordWords German = new()
    {
        Title = "Wähle ein neues Passwort",
        Text = "Jedes angemeldete Gerät wird damit abgemeldet.",
        Button = "Passwort setzen",
        ChangedTitle = "Dein Passwort ist gesetzt",
        ChangedText = "Das frühere gilt nicht mehr, und jedes Gerät ist abgemeldet. Melde dich mit dem neuen an.",
        SignIn = "Anmelden",
        ExpiredTitle = "Dieser Link ist abgelaufen",
        ExpiredText = "Links gelten nur eine Weile, und eine neuere Mail ersetzt die früheren.",
        InvalidTitle = "Dieser Link ist ungültig",
        InvalidText =
            "Vielleicht wurde er schon benutzt oder abgeschnitten. Wenn du gerade ein neues Passwort gesetzt hast, melde dich damit an.",
        Renew = "Neuen Link schicken",
    };

    public required string Title { get; init; }

    public required string Text { get; init; }

    public required string Button { get; init; }

    public required string ChangedTitle { get; init; }

    public required string ChangedText { get; init; }

    public required string SignIn { get; init; }

    public required string ExpiredTitle { get; init; }

    public required string ExpiredText { get; init; }

    public required string InvalidTitle { get; init; }

    public required string InvalidText { get; init; }

    public required string Renew { get; init; }

    public static ResetPasswordWords In(Language language) => language == Language.German ? German : English;
}
