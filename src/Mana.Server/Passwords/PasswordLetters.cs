using Mana.Platform.Mail;

namespace Mana.Passwords;

/// <summary>The words of the mails about a password.</summary>
public static class PasswordLetters
{
    public static Letter Reset(string messageId, string to, string? name, string link, TimeSpan lifetime) =>
        LetterWords.Write(
            messageId,
            to,
            link,
            new LetterWords(
                "Setze dein Passwort neu",
                LetterWords.Hallo(name),
                "mit diesem Link kannst du für dein Mana-Konto ein neues Passwort setzen:",
                "Neues Passwort setzen",
                $"Der Link gilt {Lasting.InGerman(lifetime)} und nur einmal. Warst du das nicht, kannst du diese Mail ignorieren; dein Passwort bleibt, wie es ist."
            ),
            new LetterWords(
                "Reset your password",
                LetterWords.Hello(name),
                "with the link above you can set a new password for your Mana account.",
                "Set a new password",
                $"It is valid for {Lasting.InEnglish(lifetime)} and works once. If it was not you, you can ignore this mail; your password stays as it is."
            )
        );

    public static Letter Changed(string messageId, string to, string? name) =>
        LetterWords.Write(
            messageId,
            to,
            link: null,
            new LetterWords(
                "Dein Passwort wurde geändert",
                LetterWords.Hallo(name),
                "das Passwort deines Mana-Kontos wurde soeben geändert.",
                LinkLabel: "",
                "Warst du das nicht, dann setze es sofort neu: auf der Anmeldeseite unter „Passwort vergessen“. Das meldet alle Geräte ab."
            ),
            new LetterWords(
                "Your password was changed",
                LetterWords.Hello(name),
                "the password of your Mana account has just been changed.",
                LinkLabel: "",
                "If it was not you, reset it at once: on the sign-in page, under \"Forgot password\". That signs all devices out."
            )
        );
}
