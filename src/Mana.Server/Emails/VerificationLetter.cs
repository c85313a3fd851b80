using Mana.Platform.Mail;

namespace Mana.Emails;

/// <summary>The words of the mail that asks to confirm an address. It names nobody: the mailbox is not known to be theirs yet.</summary>
public static class VerificationLetter
{
    public static Letter Write(string messageId, string to, string link, TimeSpan lifetime) =>
        LetterWords.Write(
            messageId,
            to,
            link,
            new LetterWords(
                "Bitte bestätige deine E-Mail-Adresse",
                LetterWords.Hallo(name: null),
                "bitte bestätige deine E-Mail-Adresse für Mana:",
                "E-Mail-Adresse bestätigen",
                $"Der Link gilt {Lasting.InGerman(lifetime)}. Hast du dich nicht angemeldet, kannst du diese Mail ignorieren."
            ),
            new LetterWords(
                "Please confirm your e-mail address",
                LetterWords.Hello(name: null),
                "please confirm your e-mail address for Mana with the link above.",
                "Confirm e-mail address",
                $"It is valid for {Lasting.InEnglish(lifetime)}. If you did not sign up, you can ignore this mail."
            )
        );
}
