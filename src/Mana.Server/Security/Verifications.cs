using System.Text;
using Mana.Platform;
using Mana.Platform.Database;
using Mana.Platform.Jobs;
using Mana.Protocols.Sealing;

namespace Mana.Security;

/// <summary>
/// Single-use secrets sent to a mailbox: 256 random bits, kept as a keyed hash (ruling 6), sealed in the job that mails them, superseded by
/// a newer one of the same purpose, used by one conditional statement. Expired ones stay a day, so that "expired" and "invalid" differ
/// (ruling 12a).
/// </summary>
public sealed class Verifications(SecretSettings secrets, HttpSettings http, Sealer sealer)
{
    /// <summary>Mails of one purpose to one person within <see cref="Window"/> (EML-13).</summary>
    public const int MailsMax = 3;

    public static readonly TimeSpan Window = TimeSpan.FromMinutes(15);

    private const int SecretLengthMax = 128;

    /// <summary>First half of the advisory lock under which one person's secrets are issued; the second is their id.</summary>
    private const int IssuingLock = 987_654_325;

    private readonly KeyedHash[] _keys = secrets.Hashes("verification-token");

    /// <summary>The statements of a secret for somebody whom no other transaction can see yet, and of the job that mails it.</summary>
    public Sql[] First(NewVerification verification, DateTimeOffset now)
    {
        var secret = Secret.New();
        var job = Job.New(verification.JobKind, verification.Mail, verification.UserId, now);
        var payload = verification.Payload is { } given ? Job.Serialize(given) : null;

        return
        [
            $"""
                insert into auth.verification_tokens (id, purpose, secret_hash, user_id, mailbox, payload, created_at, expires_at)
                values (
                    {Ids.Text()}, {verification.Purpose}, {_keys[0].Of(secret.Reveal())}, {verification.UserId}, {verification.Mailbox},
                    {new Json(payload)}, {now}, {now + verification.Lifetime})
                """,
            (job with { Sealed = sealer.Seal(Encoding.UTF8.GetBytes(secret.Reveal()), Context(job.Id)) }).Insert(now),
        ];
    }

    /// <summary>
    /// The statements of a secret that supersedes the ones before it; none when the person got <see cref="MailsMax"/> mails of this purpose
    /// lately, or is being sent one at this moment. Until the end of the transaction nobody else issues one for them, so that neither the
    /// count nor "the newest" can be wrong; nobody waits for that either, because a hundred who wait would hold a connection each.
    /// </summary>
    public async Task<Sql[]> Issue(Tx tx, NewVerification verification, DateTimeOffset now)
    {
        var (mine, recent) = await tx.All<One<bool>, One<long>>(
            $"select pg_try_advisory_xact_lock({IssuingLock}, hashtext({verification.UserId}))",
            $"""
            select count(*) from auth.verification_tokens
            where user_id = {verification.UserId} and purpose = {verification.Purpose} and created_at > {now - Window}
            """
        );
        if (!mine[0].Value || (http.RateLimits && recent[0].Value >= MailsMax))
        {
            return [];
        }

        return [Supersede(verification.UserId, verification.Purpose, now), .. First(verification, now)];
    }

    /// <summary>Ends the unused secrets of a purpose: what they would have allowed has happened, or must not any more.</summary>
    public static Sql Supersede(UserId userId, VerificationPurpose purpose, DateTimeOffset now) =>
        $"""
            update auth.verification_tokens set expires_at = {now}
            where user_id = {userId} and purpose = {purpose} and used_at is null and expires_at > {now}
            """;

    /// <summary>The same for every purpose: nothing that is on its way to a mailbox may open anything any more.</summary>
    public static Sql SupersedeAll(UserId userId, DateTimeOffset now) =>
        $"update auth.verification_tokens set expires_at = {now} where user_id = {userId} and used_at is null and expires_at > {now}";

    /// <summary>A look that uses nothing up; answers a <see cref="Verification"/> also when it is used or expired.</summary>
    public Sql Find(VerificationPurpose purpose, string presented) =>
        $"""
            select u.id, u.name, u.email, u.email_verified, u.image, u.role::text, u.two_factor_enabled, u.created_at, u.updated_at,
                u.deleted_at, coalesce(t.mailbox, u.email), t.payload::text, t.expires_at, t.used_at is not null
            from auth.verification_tokens t
            join auth.users u on u.id = t.user_id
            where t.secret_hash = any ({Hashes(presented)}) and t.purpose = {purpose} and u.deleted_at is null
                and (t.mailbox is null or t.mailbox = u.email or t.purpose = {VerificationPurpose.EmailChange})
            """;

    /// <summary>
    /// Uses it up, in the transaction of what it allows. Whoever gets the <see cref="Verification"/> back is the one; there is no second.
    /// </summary>
    public Sql Use(VerificationPurpose purpose, string presented, DateTimeOffset now) =>
        $"""
            update auth.verification_tokens t set used_at = {now}
            from auth.users u
            where t.secret_hash = any ({Hashes(presented)}) and t.purpose = {purpose} and t.used_at is null and t.expires_at > {now}
                and u.id = t.user_id and u.deleted_at is null
                and (t.mailbox is null or t.mailbox = u.email or t.purpose = {VerificationPurpose.EmailChange})
            returning u.id, u.name, u.email, u.email_verified, u.image, u.role::text, u.two_factor_enabled, u.created_at, u.updated_at,
                u.deleted_at, coalesce(t.mailbox, u.email), t.payload::text, t.expires_at, true
            """;

    /// <summary>The secret a mail job carries.</summary>
    public string SecretOf(Job job) =>
        Encoding.UTF8.GetString(sealer.Open(job.Sealed!, Context(job.Id)) ?? throw new WrongKekException($"job {job.Id}"));

    /// <summary>The hashes a presented secret may be stored under; none for text no secret can be.</summary>
    private byte[][] Hashes(string presented) => presented.Length > SecretLengthMax ? [] : [.. _keys.Select(key => key.Of(presented))];

    private static SealContext Context(Guid jobId) => new("mail-secret", "jobs.jobs.sealed", jobId.ToString("N"));
}
