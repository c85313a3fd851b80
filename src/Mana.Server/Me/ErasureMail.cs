using Mana.Emails;
using Mana.Platform.Database;
using Mana.Platform.Jobs;
using Mana.Platform.Mail;
using Mana.Security;
using Mana.Users;

namespace Mana.Me;

/// <summary>Mails the link that erases.</summary>
public sealed class ErasureMail(Verifications verifications, AccountSettings settings, MailLinks links, IMailer mailer) : IJobRunner
{
    public string Kind => "erasure-mail";

    /// <summary>The statements of the link; none when the person got several lately.</summary>
    public Task<Sql[]> Ask(Tx tx, User user, string? callbackUrl, DateTimeOffset now) =>
        verifications.Issue(
            tx,
            new NewVerification(
                VerificationPurpose.AccountDeletion,
                user.Id,
                user.Email,
                settings.ErasureLinkLifetime,
                Kind,
                new Payload(user.Email, user.GreetedName, callbackUrl)
            ),
            now
        );

    public Task Run(Job job, CancellationToken cancel)
    {
        var (email, name, callbackUrl) = job.PayloadAs<Payload>();
        var link = links.To("/confirm-deletion", "/api/auth/delete-user/callback", verifications.SecretOf(job), callbackUrl);
        var german = new LetterWords(
            "Möchtest du dein Mana-Konto löschen?",
            LetterWords.Hallo(name),
            "du möchtest dein Mana-Konto löschen, mit allem, was dazugehört, auch deinen Credits. Dann öffne diesen Link dort, wo du angemeldet bist:",
            "Konto löschen",
            $"Der Link gilt {Lasting.InGerman(settings.ErasureLinkLifetime)}. Gelöscht ist gelöscht. Warst du das nicht, ignoriere diese Mail und ändere dein Passwort."
        );
        var english = new LetterWords(
            "Do you want to erase your Mana account?",
            LetterWords.Hello(name),
            "you want to erase your Mana account with everything that belongs to it, your credits too. Then open the link above where you are signed in.",
            "Erase account",
            $"It is valid for {Lasting.InEnglish(settings.ErasureLinkLifetime)}, and there is no way back. If it was not you, ignore this mail and change your password."
        );

        return mailer.Send(LetterWords.Write(job.Id.ToString("N"), email, link, german, english), cancel);
    }

    private sealed record Payload(string Email, string? Name, string? CallbackUrl);
}
