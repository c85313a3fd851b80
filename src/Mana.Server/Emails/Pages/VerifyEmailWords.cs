using Mana.Web;

namespace Mana.Emails.Pages;

/// <summary>Every word of the verification page, in both languages; the compiler sees to it that none is missing.</summary>
public sealed record VerifyEmailWords
{
    private static readonly VerifyEmailWords English = new()
    {
        ConfirmTitle = "Confirm your e-mail address",
        ConfirmText = "You signed up with this address. One click and your account is ready.",
        ConfirmButton = "Confirm",
        ProveTitle = "Almost there",
        ProveText =
            "You opened the link in another browser. So that nobody else's password stays on your account, please show that it is yours.",
        Password = "The password you chose when signing up",
        ProveButton = "Confirm and sign in",
        ReplaceSummary = "I did not choose a password",
        ReplaceText = "Set one now. The earlier password stops working and every device that was signed in is signed out.",
        ReplaceButton = "Set password and sign in",
        VerifiedTitle = "You are verified",
        VerifiedText = "Your e-mail address is confirmed and you are signed in.",
        KnownTitle = "Your address is confirmed",
        KnownText = "This link has done its work already. Sign in to go on.",
        Continue = "Continue",
        SignIn = "Sign in",
        ExpiredTitle = "This link has expired",
        ExpiredText =
            "Links are valid for a while only, and a newer mail replaces the earlier ones. If there is no newer mail, we will gladly send one.",
        RenewButton = "Send a new link",
        RenewedTitle = "Check your mail",
        RenewedText =
            "If this address still has to be confirmed, a new link is on its way. It can take a minute; look in the spam folder too.",
        InvalidTitle = "This link is not valid",
        InvalidText = "It may have been cut off. Open the mail again and copy the whole link, or sign in to get a new one.",
        WrongPassword = "That is not the password this account was made with.",
    };

    private static readonly VerifyEmailWords German = new()
    {
        ConfirmTitle = "Bestätige deine E-Mail-Adresse",
        ConfirmText = "Du hast dich mit dieser Adresse registriert. Ein Klick, und dein Konto ist bereit.",
        ConfirmButton = "Bestätigen",
        ProveTitle = "Fast geschafft",
        ProveText =
            "Du hast den Link in einem anderen Browser geöffnet. Damit kein fremdes Passwort an deinem Konto bleibt, zeige bitte, dass es deines ist.",
        Password = "Das Passwort, das du beim Registrieren gewählt hast",
        ProveButton = "Bestätigen und anmelden",
        ReplaceSummary = "Ich habe kein Passwort gewählt",
        ReplaceText = "Setze jetzt eines. Das frühere Passwort gilt dann nicht mehr, und jedes angemeldete Gerät wird abgemeldet.",
        ReplaceButton = "Passwort setzen und anmelden",
        VerifiedTitle = "Deine Adresse ist bestätigt",
        VerifiedText = "Alles erledigt: Deine E-Mail-Adresse ist bestätigt, und du bist angemeldet.",
        KnownTitle = "Deine Adresse ist bestätigt",
        KnownText = "Dieser Link hat seine Arbeit schon getan. Melde dich an, um weiterzumachen.",
        Continue = "Weiter",
        SignIn = "Anmelden",
        ExpiredTitle = "Dieser Link ist abgelaufen",
        ExpiredText =
            "Links gelten nur eine Weile, und eine neuere Mail ersetzt die früheren. Gibt es keine neuere, schicken wir dir gern eine.",
        RenewButton = "Neuen Link schicken",
        RenewedTitle = "Sieh in dein Postfach",
        RenewedText =
            "Wenn diese Adresse noch bestätigt werden muss, ist ein neuer Link unterwegs. Das kann eine Minute dauern; sieh auch im Spam-Ordner nach.",
        InvalidTitle = "Dieser Link ist ungültig",
        InvalidText =
            "Vielleicht wurde er abgeschnitten. Öffne die Mail noch einmal und kopiere den ganzen Link, oder melde dich an, um einen neuen zu bekommen.",
        WrongPassword = "Mit diesem Passwort wurde das Konto nicht angelegt.",
    };

    public required string ConfirmTitle { get; init; }

    public required string ConfirmText { get; init; }

    public required string ConfirmButton { get; init; }

    public required string ProveTitle { get; init; }

    public required string ProveText { get; init; }

    public required string Password { get; init; }

    public required string ProveButton { get; init; }

    public required string ReplaceSummary { get; init; }

    public required string ReplaceText { get; init; }

    public required string ReplaceButton { get; init; }

    public required string VerifiedTitle { get; init; }

    public required string VerifiedText { get; init; }

    public required string KnownTitle { get; init; }

    public required string KnownText { get; init; }

    public required string Continue { get; init; }

    public required string SignIn { get; init; }

    public required string ExpiredTitle { get; init; }

    public required string ExpiredText { get; init; }

    public required string RenewButton { get; init; }

    public required string RenewedTitle { get; init; }

    public required string RenewedText { get; init; }

    public required string InvalidTitle { get; init; }

    public required string InvalidText { get; init; }

    public required string WrongPassword { get; init; }

    public FieldError Wrong => new(Refusals.InvalidCredentials.Code, WrongPassword);

    public static VerifyEmailWords In(Language language) => language == Language.German ? German : English;
}
