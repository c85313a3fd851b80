using Mana.Platform;
using Mana.Platform.Database;
using Mana.Platform.Http;
using Mana.Platform.Jobs;
using Mana.Platform.Mail;
using Mana.Users;

namespace Mana.SignUp;

/// <summary>
/// Tells the owner of an address that somebody tried to sign up with it, where whoever tried is not told that it is known (ruling 13).
/// </summary>
public sealed class KnownAddressMail(Db db, HttpSettings http, IMailer mailer) : IJobRunner
{
    /// <summary>Trying again and again fills nobody's mailbox.</summary>
    private static readonly LimitRule PerOwner = new("known_address_mail", 1, TimeSpan.FromHours(1), RestartsAtLast: false, IsStored: true);

    private static readonly Scope Telling = Scope.Service("tell an owner that somebody tried to sign up with their address");

    public string Kind => "known-address-mail";

    public Task Tell(string email, DateTimeOffset now, CancellationToken cancel) =>
        db.Transact<Done>(
            Telling,
            async tx =>
            {
                var owner = await tx.Find<User>(User.ByEmail(email));
                if (owner is not null && await MayBeTold(tx, owner, now))
                {
                    await tx.Run(Job.New(Kind, new Payload(owner.Email, owner.GreetedName), owner.Id, now).Insert(now));
                }

                return Done.Yes;
            },
            cancel
        );

    public Task Run(Job job, CancellationToken cancel)
    {
        var payload = job.PayloadAs<Payload>();
        var signIn = new Uri(http.BaseUrl, "/sign-in").AbsoluteUri; // from the configured address alone (D6)

        return mailer.Send(KnownAddressLetter.Write(job.Id.ToString("N"), payload.Email, payload.Name, signIn), cancel);
    }

    private async Task<bool> MayBeTold(Tx tx, User owner, DateTimeOffset now) =>
        !http.RateLimits
        || await tx.Find<StoredWindow>(StoredLimits.Take($"{PerOwner.Name}|{owner.Id}", PerOwner, now)) is { IsAllowed: true };

    private sealed record Payload(string Email, string? Name);
}
