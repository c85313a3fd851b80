using Mana.Platform.Http;
using Mana.Platform.Mail;

namespace Mana.Operations.Development;

public static class GetMail
{
    public sealed record Response(string MessageId, string To, string Subject, string Text, DateTimeOffset ReceivedAt);

    /// <summary>The mails this process sent, newest first. Exists in Development only, while no mail server is configured.</summary>
    public static Answer<Response[]> Handle(Mailbox mailbox) =>
        mailbox
            .Mails.Select(mail => new Response(
                mail.Letter.MessageId,
                mail.Letter.To,
                mail.Letter.Subject,
                mail.Letter.Text,
                mail.ReceivedAt
            ))
            .ToArray();
}
