using Mana.Web;

namespace Mana.Passwords.Pages;

/// <summary>Every word of the page for whoever forgot their password.</summary>
public sealed record ForgotPasswordWords
{
    private static readonly ForgotPasswordWords English = new()
    {
        Title = "Set a new password",
        Text = "We send you a link. Until you use it, nothing changes.",
        Button = "Send the link",
        Remembered = "Remembered it?",
        SignIn = "Sign in",
        SentTitle = "Check your mail",
        SentText = "If there is an account with this address, a link is on its way. It can take a minute; look in the spam folder too.",
        Nothing = "Nothing there?",
        Again = "Try again",
    };

    private static readonly ForgotPasswordWords German = new()
    {
        Title = "Neues Passwort setzen",
        Text = "Wir schicken dir einen Link. Bis du ihn benutzt, ändert sich nichts.",
        Button = "Link schicken",
        Remembered = "Wieder eingefallen?",
        SignIn = "Anmelden",
        SentTitle = "Sieh in dein Postfach",
        SentText =
            "Wenn es mit dieser Adresse ein Konto gibt, ist ein Link unterwegs. Das kann eine Minute dauern; sieh auch im Spam-Ordner nach.",
        Nothing = "Nichts angekommen?",
        Again = "Noch einmal versuchen",
    };

    public required string Title { get; init; }

    public required string Text { get; init; }

    public required string Button { get; init; }

    public required string Remembered { get; init; }

    public required string SignIn { get; init; }

    public required string SentTitle { get; init; }

    public required string SentText { get; init; }

    public required string Nothing { get; init; }

    public required string Again { get; init; }

    public static ForgotPasswordWords In(Language language) => language == Language.German ? German : English;
}
