namespace Mana.Platform.Mail;

/// <summary>A mail ready to leave. The same id is sent again after a crash, so that a mailbox can tell a duplicate (ruling 12d).</summary>
public sealed record Letter(string MessageId, string To, string Subject, string Text, string Html);

/// <summary>Where mail goes. One implementation speaks SMTP, the other is the mailbox of development.</summary>
public interface IMailer
{
    Task Send(Letter mail, CancellationToken cancel);
}
