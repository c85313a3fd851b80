using Mana.Platform.Database;
using Mana.Platform.Jobs;
using Mana.Platform.Mail;
using Mana.Users;

namespace Mana.Passwords;

/// <summary>Tells a person that their password is another one now, so that they notice when it was not them (PWD-06).</summary>
public sealed class PasswordChangedMail(IMailer mailer) : IJobRunner
{
    public string Kind => "password-changed-mail";

    public Sql Send(User user, DateTimeOffset now) => Job.New(Kind, new Payload(user.Email, user.GreetedName), user.Id, now).Insert(now);

    public Task Run(Job job, CancellationToken cancel)
    {
        var (email, name) = job.PayloadAs<Payload>();

        return mailer.Send(PasswordLetters.Changed(job.Id.ToString("N"), email, name), cancel);
    }

    private sealed record Payload(string Email, string? Name);
}
