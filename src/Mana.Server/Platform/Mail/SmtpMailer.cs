using System.Net;
using System.Net.Mail;
using System.Net.Mime;
using System.Text;

namespace Mana.Platform.Mail;

/// <summary>Hands a mail to the configured server. Replacing the library means replacing this file (rulings, section 4).</summary>
public sealed class SmtpMailer(EmailSettings settings, HttpSettings http) : IMailer
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>
    /// On a thread of its own: whatever it is called, the library blocks until the server has accepted the text, and a slow one would take
    /// the threads that answer requests.
    /// </summary>
    public Task Send(Letter mail, CancellationToken cancel) =>
        Task.Factory.StartNew(() => Send(mail), cancel, TaskCreationOptions.LongRunning, TaskScheduler.Default).WaitAsync(Patience, cancel);

    private void Send(Letter mail)
    {
        using var client = new SmtpClient(settings.SmtpHost, settings.SmtpPort)
        {
            EnableSsl = settings.SmtpTls,
            DeliveryFormat = SmtpDeliveryFormat.International,
            Timeout = (int)Patience.TotalMilliseconds,
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
        client.Send(message);
    }
}
