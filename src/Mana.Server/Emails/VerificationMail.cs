using System.Text;
using System.Text.Json;
using Mana.Platform;
using Mana.Platform.Database;
using Mana.Platform.Http;
using Mana.Platform.Jobs;
using Mana.Platform.Mail;
using Mana.Protocols.Sealing;
using Mana.Users;

namespace Mana.Emails;

/// <summary>Asks somebody to prove their mailbox: a single-use secret, and the job that mails it.</summary>
public sealed class VerificationMail(VerificationSecrets secrets, Sealer sealer, EmailSettings settings, HttpSettings http, IMailer mailer)
    : IJobRunner
{
    public const string Purpose = "email_verification";

    private static readonly JsonSerializerOptions Json = WireJson.Options;

    public string Kind => "verification-mail";

    /// <summary>
    /// The statements of a new link. It supersedes the ones before it (ruling 12a), and its secret travels sealed in the job.
    /// </summary>
    /// <param name="callbackUrl">A checked redirect target, or null.</param>
    public Sql[] Ask(User user, string? callbackUrl, DateTimeOffset now)
    {
        var secret = Secret.New();
        var jobId = Ids.Uuid(now);
        var payload = JsonSerializer.Serialize(new Payload(user.Email, user.Name, callbackUrl), Json);
        var job = new Job(jobId, Kind, payload, sealer.Seal(Encoding.UTF8.GetBytes(secret.Reveal()), Context(jobId)), user.Id, 0);

        return
        [
            $"""
                update auth.verification_tokens set expires_at = {now}
                where user_id = {user.Id} and purpose = {Purpose} and used_at is null and expires_at > {now}
                """,
            $"""
                insert into auth.verification_tokens (id, purpose, secret_hash, user_id, payload, created_at, expires_at)
                values ({Ids.Text()}, {Purpose}, {secrets.Hash(secret)}, {user.Id}, {new Json(null)}, {now}, {now
                    + settings.VerificationLifetime})
                """,
            job.Insert(now),
        ];
    }

    public async Task Run(Job job, CancellationToken cancel)
    {
        var payload = JsonSerializer.Deserialize<Payload>(job.Payload, Json)!;
        var secret = sealer.Open(job.Sealed!, Context(job.Id)) ?? throw new WrongKekException($"job {job.Id}");
        var link = Link(Encoding.UTF8.GetString(secret), payload.CallbackUrl);

        await mailer.Send(VerificationLetter.Write(job.Id.ToString("N"), payload.Email, payload.Name, link), cancel);
    }

    /// <summary>Built from the configured address alone (D6).</summary>
    private string Link(string secret, string? callbackUrl)
    {
        var root = http.BaseUrl.ToString().TrimEnd('/');
        var path = settings.LinksArePages ? "/verify-email" : "/api/auth/verify-email";
        var link = $"{root}{path}?token={Uri.EscapeDataString(secret)}";
        var target = settings.LinksArePages ? callbackUrl : callbackUrl ?? "/";

        return target is null ? link : $"{link}&callbackURL={Uri.EscapeDataString(target)}";
    }

    private static SealContext Context(Guid jobId) => new("mail-secret", "jobs.jobs.sealed", jobId.ToString("N"));

    private sealed record Payload(string Email, string Name, string? CallbackUrl);
}
