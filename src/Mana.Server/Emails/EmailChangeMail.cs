using Mana.Platform;
using Mana.Platform.Database;
using Mana.Platform.Jobs;
using Mana.Platform.Mail;
using Mana.Security;
using Mana.Users;

namespace Mana.Emails;

/// <param name="AskedIn">The session that asked. When it ends, so does the wish: whoever throws a thief out stops this too.</param>
public sealed record WantedAddress(User User, string NewEmail, bool IsTaken, SessionId AskedIn, string? CallbackUrl);

/// <summary>What a change of address is bound to, beside its person and the new address.</summary>
public sealed record ChangeTerms(string OldEmail, string SessionId);

/// <summary>The mails of a wish for another address: the link to the new one, and the notice to the old one.</summary>
public sealed class EmailChangeMail(
    Verifications verifications,
    EmailChangeNotice notice,
    EmailSettings settings,
    MailLinks links,
    IMailer mailer
) : IJobRunner
{
    public string Kind => "email-change-mail";

    /// <summary>The statements of the link and the notice; none when the person asked several times lately.</summary>
    public async Task<Sql[]> Ask(Tx tx, WantedAddress wanted, DateTimeOffset now)
    {
        var (user, newEmail, isTaken, askedIn, callbackUrl) = wanted;
        var asked = await verifications.Issue(
            tx,
            new NewVerification(
                VerificationPurpose.EmailChange,
                user.Id,
                newEmail,
                settings.ChangeLifetime,
                isTaken ? AddressTakenMail.JobKind : Kind,
                new MailToNewAddress(newEmail, callbackUrl)
            )
            {
                Payload = new ChangeTerms(user.Email, askedIn.Value),
            },
            now
        );

        return asked.Length == 0 ? [] : [.. asked, notice.Wanted(user, now)];
    }

    public Task Run(Job job, CancellationToken cancel)
    {
        var payload = job.PayloadAs<MailToNewAddress>();
        var link = links.To("/confirm-email", "/api/auth/verify-email", verifications.SecretOf(job), payload.CallbackUrl);

        return mailer.Send(EmailChangeLetters.ToNewAddress(job.Id.ToString("N"), payload.Email, link, settings.ChangeLifetime), cancel);
    }
}

/// <summary>What both letters to the new address need.</summary>
public sealed record MailToNewAddress(string Email, string? CallbackUrl);

/// <summary>
/// Tells the owner of an address that somebody wanted it, without a link. It is sent where the other one may not learn that it is taken.
/// </summary>
public sealed class AddressTakenMail(IMailer mailer) : IJobRunner
{
    public const string JobKind = "address-taken-mail";

    public string Kind => JobKind;

    public Task Run(Job job, CancellationToken cancel) =>
        mailer.Send(EmailChangeLetters.Taken(job.Id.ToString("N"), job.PayloadAs<MailToNewAddress>().Email), cancel);
}

/// <summary>Tells the address somebody has that another one is wanted, or has taken its place (ruling 12c).</summary>
public sealed class EmailChangeNotice(IMailer mailer) : IJobRunner
{
    public string Kind => "email-change-notice";

    public Sql Wanted(User user, DateTimeOffset now) =>
        Job.New(Kind, new Payload(user.Email, user.GreetedName, IsDone: false), user.Id, now).Insert(now);

    /// <param name="before">As they were, with the address that is told.</param>
    public Sql Changed(User before, DateTimeOffset now) =>
        Job.New(Kind, new Payload(before.Email, before.GreetedName, IsDone: true), before.Id, now).Insert(now);

    public Task Run(Job job, CancellationToken cancel)
    {
        var (email, name, isDone) = job.PayloadAs<Payload>();
        var id = job.Id.ToString("N");

        return mailer.Send(isDone ? EmailChangeLetters.Changed(id, email, name) : EmailChangeLetters.Wanted(id, email, name), cancel);
    }

    private sealed record Payload(string Email, string? Name, bool IsDone);
}
