using System.Text;
using Mana.Platform;
using Mana.Platform.Database;
using Mana.Platform.Jobs;
using Mana.Platform.Mail;
using Mana.Protocols.Sealing;
using Mana.Users;

namespace Mana.Me;

/// <summary>
/// Tells somebody that they were erased. Their address is not known any more afterwards, so it waits sealed in the job and goes with it, sent
/// or not.
/// </summary>
public sealed class FarewellMail(Sealer sealer, IMailer mailer) : IJobRunner
{
    private static readonly LetterWords German = new(
        "Dein Mana-Konto ist gelöscht",
        "Hallo,",
        "dein Mana-Konto und alles, was wir über dich gespeichert hatten, ist gelöscht. Das lässt sich nicht rückgängig machen.",
        LinkLabel: "",
        "Das ist die letzte Mail von uns; auch diese Adresse haben wir jetzt vergessen."
    );

    private static readonly LetterWords English = new(
        "Your Mana account is erased",
        "Hello,",
        "your Mana account and everything we had stored about you is erased. This cannot be undone.",
        LinkLabel: "",
        "This is the last mail from us; we have forgotten this address as well."
    );

    public string Kind => "farewell-mail";

    public Sql Send(User gone, DateTimeOffset now)
    {
        var id = Ids.Uuid(now);
        var address = sealer.Seal(Encoding.UTF8.GetBytes(gone.Email), Context(id));

        return new Job(id, Kind, "{}", address, UserId: null, Attempts: 0).Insert(now);
    }

    public Task Run(Job job, CancellationToken cancel)
    {
        var address = sealer.Open(job.Sealed!, Context(job.Id)) ?? throw new WrongKekException($"job {job.Id}");

        return mailer.Send(LetterWords.Write(job.Id.ToString("N"), Encoding.UTF8.GetString(address), null, German, English), cancel);
    }

    private static SealContext Context(Guid jobId) => new("mail-address", "jobs.jobs.sealed", jobId.ToString("N"));
}
