using System.Globalization;
using Mana.Web;

namespace Mana.SignUp.Pages;

/// <summary>Every word of the page where people sign up, beside those of its fields.</summary>
public sealed record SignUpWords
{
    private static readonly SignUpWords English = new()
    {
        Title = "Create your account",
        Text = "Free, and done in a minute.",
        Bonus = "You start with {0} credits.",
        Name = "Your name",
        Button = "Create account",
        KnownHere = "Already here?",
        SignIn = "Sign in",
        Full = "So many people have signed up today that we take no more. Please come back after {0}.",
        Taken = "There is an account with this address already.",
        Forgot = "Forgot password?",
        SentTitle = "Check your mail",
        SentText = "One step left: open the link we have just sent. It can take a minute; look in the spam folder too. It goes to",
        WrongAddress = "Not your address?",
        Again = "Sign up again",
    };

    private static readonly SignUpWords German = new()
    {
        Title = "Konto anlegen",
        Text = "Kostenlos und in einer Minute fertig.",
        Bonus = "Du startest mit {0} Credits.",
        Name = "Dein Name",
        Button = "Konto anlegen",
        KnownHere = "Schon dabei?",
        SignIn = "Anmelden",
        Full = "Heute haben sich schon so viele registriert, dass wir niemanden mehr aufnehmen. Komm bitte in frühestens {0} wieder.",
        Taken = "Mit dieser Adresse gibt es schon ein Konto.",
        Forgot = "Passwort vergessen?",
        SentTitle = "Sieh in dein Postfach",
        SentText =
            "Noch ein Schritt: Öffne den Link, den wir dir gerade geschickt haben. Das kann eine Minute dauern; sieh auch im Spam-Ordner nach. Er geht an",
        WrongAddress = "Nicht deine Adresse?",
        Again = "Noch einmal registrieren",
    };

    public required string Title { get; init; }

    public required string Text { get; init; }

    public required string Bonus { get; init; }

    public required string Name { get; init; }

    public required string Button { get; init; }

    public required string KnownHere { get; init; }

    public required string SignIn { get; init; }

    public required string Full { get; init; }

    public required string Taken { get; init; }

    public required string Forgot { get; init; }

    public required string SentTitle { get; init; }

    public required string SentText { get; init; }

    public required string WrongAddress { get; init; }

    public required string Again { get; init; }

    public FieldError EmailTaken => new(Refusals.EmailAlreadyRegistered.Code, Taken);

    public static SignUpWords In(Language language) => language == Language.German ? German : English;

    public string FullFor(string length) => Full.Replace("{0}", length, StringComparison.Ordinal);

    public string TextWith(long bonus) =>
        bonus == 0 ? Text : $"{Text} {Bonus.Replace("{0}", bonus.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)}";
}
