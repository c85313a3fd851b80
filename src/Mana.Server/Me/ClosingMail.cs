using System.Globalization;
using Mana.Platform.Database;
using Mana.Platform.Jobs;
using Mana.Platform.Mail;
using Mana.Users;

namespace Mana.Me;

/// <summary>Tells somebody that their account was closed, and until when that can be taken back.</summary>
public sealed class ClosingMail(IMailer mailer) : IJobRunner
{
    public string Kind => "closing-mail";

    public Sql Send(User closed, DateTimeOffset now) =>
        Job.New(Kind, new Payload(closed.Email, closed.GreetedName, now + EraseClosedAccounts.Kept), closed.Id, now).Insert(now);

    public Task Run(Job job, CancellationToken cancel)
    {
        var (email, name, erasedAt) = job.PayloadAs<Payload>();
        var german = new LetterWords(
            "Dein Mana-Konto ist geschlossen",
            LetterWords.Hallo(name),
            string.Create(
                CultureInfo.InvariantCulture,
                $"dein Mana-Konto ist geschlossen, und niemand kann sich mehr anmelden. Am {erasedAt:dd.MM.yyyy} wird alles gelöscht, was wir über dich gespeichert haben."
            ),
            LinkLabel: "",
            "Bis dahin können wir es wieder öffnen: Schreib uns einfach. Warst du das nicht, schreib uns bitte sofort."
        );
        var english = new LetterWords(
            "Your Mana account is closed",
            LetterWords.Hello(name),
            string.Create(
                CultureInfo.InvariantCulture,
                $"your Mana account is closed and nobody can sign in any more. On {erasedAt:yyyy-MM-dd} everything we have stored about you will be erased."
            ),
            LinkLabel: "",
            "Until then we can open it again: just write to us. If it was not you, please write to us at once."
        );

        return mailer.Send(LetterWords.Write(job.Id.ToString("N"), email, null, german, english), cancel);
    }

    private sealed record Payload(string Email, string? Name, DateTimeOffset ErasedAt);
}
