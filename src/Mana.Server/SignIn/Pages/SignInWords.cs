using Mana.Web;

namespace Mana.SignIn.Pages;

/// <summary>Every word of the page where people sign in, beside those of its fields.</summary>
public sealed record SignInWords
{
    private static readonly SignInWords English = new()
    {
        Title = "Sign in",
        Text = "Welcome back.",
        Onward = "Then you go on to {0}.",
        Remember = "Keep me signed in",
        Forgot = "Forgot password?",
        Locked = "There were too many wrong passwords for this address. For your safety it is closed for {0}.",
        Unlock = "Set a new password and go on at once",
        Button = "Sign in",
        NewHere = "New to Mana?",
        SignUp = "Create an account",
        SignedOut = "You are signed out.",
        Wrong = "E-mail address or password is not right.",
        PasswordMissing = "Please enter your password.",
        KnownTitle = "Welcome back",
        KnownText = "You are signed in on this browser as",
        Continue = "Continue",
        Other = "Use another account",
        UnverifiedTitle = "Confirm your address first",
        UnverifiedText = "When you signed up we sent you a link. Open it, and you are in. It went to",
    };

    private static readonly SignInWords German = new()
    {
        Title = "Anmelden",
        Text = "Schön, dass du wieder da bist.",
        Onward = "Danach geht es weiter zu {0}.",
        Remember = "Angemeldet bleiben",
        Forgot = "Passwort vergessen?",
        Locked = "Für diese Adresse kamen zu viele falsche Passwörter. Zu deiner Sicherheit ist sie {0} lang gesperrt.",
        Unlock = "Neues Passwort setzen und gleich weitermachen",
        Button = "Anmelden",
        NewHere = "Neu bei Mana?",
        SignUp = "Konto anlegen",
        SignedOut = "Du bist abgemeldet.",
        Wrong = "E-Mail-Adresse oder Passwort stimmt nicht.",
        PasswordMissing = "Bitte gib dein Passwort ein.",
        KnownTitle = "Willkommen zurück",
        KnownText = "Du bist in diesem Browser angemeldet als",
        Continue = "Weiter",
        Other = "Anderes Konto verwenden",
        UnverifiedTitle = "Bestätige zuerst deine Adresse",
        UnverifiedText = "Beim Registrieren haben wir dir einen Link geschickt. Öffne ihn, und du bist drin. Er ging an",
    };

    public required string Title { get; init; }

    public required string Text { get; init; }

    public required string Onward { get; init; }

    public required string Remember { get; init; }

    public required string Forgot { get; init; }

    public required string Locked { get; init; }

    public required string Unlock { get; init; }

    public required string Button { get; init; }

    public required string NewHere { get; init; }

    public required string SignUp { get; init; }

    public required string SignedOut { get; init; }

    public required string Wrong { get; init; }

    public required string PasswordMissing { get; init; }

    public required string KnownTitle { get; init; }

    public required string KnownText { get; init; }

    public required string Continue { get; init; }

    public required string Other { get; init; }

    public required string UnverifiedTitle { get; init; }

    public required string UnverifiedText { get; init; }

    public FieldError WrongPassword => new(Refusals.InvalidCredentials.Code, Wrong);

    public FieldError NoPassword => new(Refusals.Validation.Code, PasswordMissing);

    public static SignInWords In(Language language) => language == Language.German ? German : English;

    public string LockedFor(string length) => Locked.Replace("{0}", length, StringComparison.Ordinal);

    public string TextFor(string host) => Onward.Replace("{0}", host, StringComparison.Ordinal);
}
