using System.Collections.Concurrent;

namespace Mana.Platform.Mail;

/// <summary>The mailbox of development: keeps the last mails in memory and shows them at <c>/dev/mail</c>. Never exists in Production.</summary>
public sealed class Mailbox(TimeProvider clock) : IMailer
{
    private const int MailsMax = 200;

    private readonly ConcurrentQueue<ReceivedMail> _mails = new();

    /// <summary>Newest first.</summary>
    public IReadOnlyList<ReceivedMail> Mails => [.. _mails.Reverse()];

    public Task Send(Letter mail, CancellationToken cancel)
    {
        _mails.Enqueue(new ReceivedMail(mail, clock.Now()));
        while (_mails.Count > MailsMax && _mails.TryDequeue(out _))
        {
            // The oldest go first.
        }

        return Task.CompletedTask;
    }
}

public sealed record ReceivedMail(Letter Letter, DateTimeOffset ReceivedAt);
