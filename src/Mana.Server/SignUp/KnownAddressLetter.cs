using System.Net;
using Mana.Platform.Mail;

namespace Mana.SignUp;

/// <summary>The words of the mail, German and English in one letter; every inserted value is escaped.</summary>
public static class KnownAddressLetter
{
    public static Letter Write(string messageId, string to, string name, string link)
    {
        var (safeName, safeLink) = (WebUtility.HtmlEncode(name), WebUtility.HtmlEncode(link));
        var text = $"""
            Hallo {name},

            jemand wollte sich gerade mit deiner E-Mail-Adresse bei Mana registrieren. Zu ihr gibt es schon ein Konto, deshalb ist nichts
            geschehen. Warst du es, dann melde dich an; dort kannst du auch ein neues Passwort setzen:
            {link}

            Warst du es nicht, kannst du diese Mail ignorieren. Wer es versucht hat, hat nicht erfahren, dass es dein Konto gibt.

            --
            Hello {name},

            somebody has just tried to sign up for Mana with your e-mail address. There already is an account for it, so nothing has
            happened. If it was you, sign in with the link above; you can set a new password there too.
            If it was not you, you can ignore this mail. Whoever tried has not learnt that your account exists.
            """;
        var html = $"""
            <!doctype html>
            <html lang="de">
            <body>
            <p>Hallo {safeName},</p>
            <p>jemand wollte sich gerade mit deiner E-Mail-Adresse bei Mana registrieren. Zu ihr gibt es schon ein Konto, deshalb ist nichts
            geschehen. Warst du es, dann melde dich an; dort kannst du auch ein neues Passwort setzen:</p>
            <p><a href="{safeLink}">Anmelden / Sign in</a></p>
            <p>Warst du es nicht, kannst du diese Mail ignorieren. Wer es versucht hat, hat nicht erfahren, dass es dein Konto gibt.</p>
            <hr>
            <p lang="en">Hello {safeName}, somebody has just tried to sign up for Mana with your e-mail address. There already is an account
            for it, so nothing has happened. If it was you, sign in with the link above; you can set a new password there too. If it was not
            you, you can ignore this mail. Whoever tried has not learnt that your account exists.</p>
            </body>
            </html>
            """;

        return new Letter(messageId, to, "Zu deiner Adresse gibt es schon ein Konto · You already have an account", text, html);
    }
}
