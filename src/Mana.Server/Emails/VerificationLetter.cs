using System.Net;
using Mana.Platform.Mail;

namespace Mana.Emails;

/// <summary>The words of the mail, German and English in one letter; every inserted value is escaped.</summary>
public static class VerificationLetter
{
    public static Letter Write(string messageId, string to, string name, string link)
    {
        var (safeName, safeLink) = (WebUtility.HtmlEncode(name), WebUtility.HtmlEncode(link));
        var text = $"""
            Hallo {name},

            bitte bestätige deine E-Mail-Adresse für Mana:
            {link}

            Der Link gilt einen Tag. Hast du dich nicht angemeldet, kannst du diese Mail ignorieren.

            --
            Hello {name},

            please confirm your e-mail address for Mana with the link above. It is valid for one day.
            If you did not sign up, you can ignore this mail.
            """;
        var html = $"""
            <!doctype html>
            <html lang="de">
            <body>
            <p>Hallo {safeName},</p>
            <p>bitte bestätige deine E-Mail-Adresse für Mana:</p>
            <p><a href="{safeLink}">E-Mail-Adresse bestätigen / Confirm e-mail address</a></p>
            <p>Der Link gilt einen Tag. Hast du dich nicht angemeldet, kannst du diese Mail ignorieren.</p>
            <hr>
            <p lang="en">Hello {safeName}, please confirm your e-mail address for Mana with the link above. It is valid for one day.
            If you did not sign up, you can ignore this mail.</p>
            </body>
            </html>
            """;

        return new Letter(messageId, to, "Bitte bestätige deine E-Mail-Adresse · Please confirm your e-mail address", text, html);
    }
}
