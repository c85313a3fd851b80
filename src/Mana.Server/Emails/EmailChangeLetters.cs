using Mana.Platform.Mail;

namespace Mana.Emails;

/// <summary>
/// The words around a change of address. Letters to an address that is not the person's yet name nobody: whoever asks could otherwise write a
/// message of their own to a stranger, in the place of a name.
/// </summary>
public static class EmailChangeLetters
{
    public static Letter ToNewAddress(string messageId, string to, string link, TimeSpan lifetime) =>
        LetterWords.Write(
            messageId,
            to,
            link,
            new LetterWords(
                "Bestätige deine neue E-Mail-Adresse",
                "Hallo,",
                "ein Mana-Konto soll künftig diese E-Mail-Adresse haben. Warst du das, dann bestätige sie:",
                "Neue Adresse bestätigen",
                $"Der Link gilt {Lasting.InGerman(lifetime)}. Bis dahin ändert sich nichts. Warst du das nicht, kannst du diese Mail ignorieren."
            ),
            new LetterWords(
                "Confirm your new e-mail address",
                "Hello,",
                "a Mana account is to have this e-mail address from now on. If that was you, confirm it with the link above.",
                "Confirm new address",
                $"It is valid for {Lasting.InEnglish(lifetime)}, and nothing changes before. If it was not you, you can ignore this mail."
            )
        );

    public static Letter Taken(string messageId, string to) =>
        LetterWords.Write(
            messageId,
            to,
            link: null,
            new LetterWords(
                "Diese Adresse hat schon ein Mana-Konto",
                "Hallo,",
                "jemand wollte diese E-Mail-Adresse für ein Mana-Konto benutzen, aber sie gehört schon zu einem. Es hat sich nichts geändert.",
                LinkLabel: "",
                "Warst du das, dann melde dich mit dieser Adresse an. Warst du das nicht, musst du nichts tun."
            ),
            new LetterWords(
                "This address has a Mana account already",
                "Hello,",
                "somebody wanted to use this e-mail address for a Mana account, but it belongs to one already. Nothing has changed.",
                LinkLabel: "",
                "If that was you, sign in with this address. If it was not, there is nothing you have to do."
            )
        );

    public static Letter Wanted(string messageId, string to, string? name) =>
        LetterWords.Write(
            messageId,
            to,
            link: null,
            new LetterWords(
                "Dein Mana-Konto soll eine andere E-Mail-Adresse bekommen",
                LetterWords.Hallo(name),
                "für dein Mana-Konto wurde eine andere E-Mail-Adresse gewünscht. Sie gilt erst, wenn sie bestätigt ist; die Mail dazu ging an die neue Adresse.",
                LinkLabel: "",
                "Warst du das nicht, dann ändere sofort dein Passwort. Das meldet alle anderen Geräte ab, und der Wunsch verfällt."
            ),
            new LetterWords(
                "Your Mana account is to get another e-mail address",
                LetterWords.Hello(name),
                "another e-mail address was asked for your Mana account. It takes effect once it is confirmed; the mail for that went to the new address.",
                LinkLabel: "",
                "If it was not you, change your password at once. That signs all other devices out, and the wish lapses."
            )
        );

    public static Letter Changed(string messageId, string to, string? name) =>
        LetterWords.Write(
            messageId,
            to,
            link: null,
            new LetterWords(
                "Dein Mana-Konto hat jetzt eine andere E-Mail-Adresse",
                LetterWords.Hallo(name),
                "die neue E-Mail-Adresse deines Mana-Kontos ist bestätigt. Mit dieser hier kann man sich nicht mehr anmelden.",
                LinkLabel: "",
                "Warst du das nicht, dann schreib uns bitte sofort."
            ),
            new LetterWords(
                "Your Mana account has another e-mail address now",
                LetterWords.Hello(name),
                "the new e-mail address of your Mana account is confirmed. Nobody can sign in with this one any more.",
                LinkLabel: "",
                "If it was not you, please write to us at once."
            )
        );
}
