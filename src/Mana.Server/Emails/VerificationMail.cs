using Mana.Platform.Database;
using Mana.Platform.Jobs;
using Mana.Platform.Mail;
using Mana.Security;
using Mana.Users;

namespace Mana.Emails;

/// <summary>Asks somebody to prove their mailbox.</summary>
public sealed class VerificationMail(Verifications verifications, EmailSettings settings, MailLinks links, IMailer mailer) : IJobRunner
{
    public string Kind => "verification-mail";

    /// <summary>The statements of the first link of somebody who signs up.</summary>
    /// <param name="callbackUrl">A checked redirect target, or null.</param>
    public Sql[] Ask(User newcomer, string? callbackUrl, DateTimeOffset now) => verifications.First(Link(newcomer, callbackUrl), now);

    /// <summary>The statements of a further link; none when they had several lately.</summary>
    public Task<Sql[]> AskAgain(Tx tx, User user, string? callbackUrl, DateTimeOffset now) =>
        verifications.Issue(tx, Link(user, callbackUrl), now);

    public Task Run(Job job, CancellationToken cancel)
    {
        var payload = job.PayloadAs<Payload>();
        var address = links.To("/verify-email", "/api/auth/verify-email", verifications.SecretOf(job), payload.CallbackUrl);

        return mailer.Send(VerificationLetter.Write(job.Id.ToString("N"), payload.Email, address, settings.VerificationLifetime), cancel);
    }

    private NewVerification Link(User user, string? callbackUrl) =>
        new(
            VerificationPurpose.EmailVerification,
            user.Id,
            user.Email,
            settings.VerificationLifetime,
            Kind,
            new Payload(user.Email, callbackUrl)
        );

    private sealed record Payload(string Email, string? CallbackUrl);
}
