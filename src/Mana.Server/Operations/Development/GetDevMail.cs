using Mana.Platform.Mail;
using Mana.Web;

namespace Mana.Operations.Development;

public static class GetDevMail
{
    /// <summary>The mails this process sent, newest first, with their links to click.</summary>
    public static Page Handle(Mailbox mailbox, EmailSettings settings) =>
        Page.Of<MailboxPage, MailboxView>(new MailboxView(mailbox.Mails, settings.SmtpHost));
}

/// <param name="SmtpHost">Where mail goes instead, when a server is configured.</param>
public sealed record MailboxView(IReadOnlyList<ReceivedMail> Mails, string? SmtpHost);
