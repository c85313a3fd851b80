using Mana.Platform.Mail;

namespace Mana.SignUp;

/// <summary>The words of the mail to somebody with whose address a stranger wanted to sign up.</summary>
public static class KnownAddressLetter
{
    public static Letter Write(string messageId, string to, string? name, string link) =>
        LetterWords.Write(
            messageId,
            to,
            link,
            new LetterWords(
                "Zu deiner Adresse gibt es schon ein Konto",
                LetterWords.Hallo(name),
                "jemand wollte sich gerade mit deiner E-Mail-Adresse bei Mana registrieren. Zu ihr gibt es schon ein Konto, deshalb ist nichts "
                    + "geschehen. Warst du es, dann melde dich an; dort kannst du auch ein neues Passwort setzen:",
                "Anmelden",
                "Warst du es nicht, kannst du diese Mail ignorieren. Wer es versucht hat, hat nicht erfahren, dass es dein Konto gibt."
            ),
            new LetterWords(
                "You already have an account",
                LetterWords.Hello(name),
                "somebody has just tried to sign up for Mana with your e-mail address. There already is an account for it, so nothing has "
                    + "happened. If it was you, sign in with the link above; you can set a new password there too.",
                "Sign in",
                "If it was not you, you can ignore this mail. Whoever tried has not learnt that your account exists."
            )
        );
}
