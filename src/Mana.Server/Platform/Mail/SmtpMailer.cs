using System.Net;
using System.Net.Mail;
using System.Net.Mime;
using System.Text;

namespace Mana.Platform.Mail;

/// <summary>Hands a mail to the configured server. Replacing the library means replacing this file (rulings, section 4).</summary>
public sealed class SmtpMailer(EmailSettings settings, HttpSettings http) : IMailer
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public async Task Send(Letter mail, CancellationToken cancel)
    {
        using var client = new SmtpClient(settings.SmtpHost, settings.SmtpPort)
        {
            EnableSsl = settings.SmtpTls,
            DeliveryFormat = SmtpDeliveryFormat.International,
        };
        if (settings.SmtpUser is { } user)
        {
            client.Credentials = new NetworkCredential(user, settings.SmtpPassword);
        }

        using var message = new MailMessage(new MailAddress(settings.From), new MailAddress(mail.To))
        {
            Subject = mail.Subject,
            SubjectEncoding = Encoding.UTF8,
            Body = mail.Text,
            BodyEncoding = Encoding.UTF8,
        };
        message.AlternateViews.Add(AlternateView.CreateAlternateViewFromString(mail.Html, Encoding.UTF8, MediaTypeNames.Text.Html));
        message.Headers.Add("Message-ID", $"<{mail.MessageId}@{http.BaseUrl.Host}>");

        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        patience.CancelAfter(Patience);
        await client.SendMailAsync(message, patience.Token);
    }
}
