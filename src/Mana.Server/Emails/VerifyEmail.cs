using Mana.Passwords;
using Mana.Platform;
using Mana.Platform.Database;
using Mana.Platform.Http;
using Mana.Platform.Telemetry;
using Mana.Security;
using Mana.Sessions;
using Mana.SignIn;
using Mana.Users;
using Npgsql;

namespace Mana.Emails;

/// <summary>How the visitor shows that the password on the account is their own (ruling 10).</summary>
public abstract record PasswordProof
{
    /// <summary>The link alone counts, as on the wire; also for a browser that carries the sign-up's own cookie.</summary>
    public sealed record Keep : PasswordProof;

    /// <summary>The visitor types the password they signed up with.</summary>
    public sealed record Typed(string Password) : PasswordProof;

    /// <summary>The visitor sets a new password; every credential and session from before the proof is dropped.</summary>
    public sealed record Replaced(string Password) : PasswordProof;
}

/// <summary>What following a link led to.</summary>
/// <param name="SignedIn">Null for an address that was verified before: the answer is a success without a session (ruling 12a).</param>
public sealed record VerifiedEmail(User User, SignedIn? SignedIn);

/// <summary>Whom a link in a mail belongs to, looked at without using it up.</summary>
public sealed record PendingVerification(User User, DateTimeOffset ExpiresAt, bool IsUsed) : IRow<PendingVerification>
{
    public static PendingVerification Read(NpgsqlDataReader row) =>
        new(User.Read(row), row.GetFieldValue<DateTimeOffset>(10), row.GetBoolean(11));
}

/// <summary>Follows a verification link: the mailbox is proved and the visitor signed in, once.</summary>
public sealed class VerifyEmail(
    Db db,
    VerificationSecrets secrets,
    CheckPassword check,
    PasswordHashing hashing,
    Gate gate,
    SessionSettings sessions,
    RevokeSession revoke,
    Revocations revocations,
    TimeProvider clock
)
{
    private static readonly Scope Looking = Scope.Service("look at a verification link");

    private static readonly Scope Verifying = Scope.Service("verify an e-mail address");

    /// <summary>A look that consumes nothing: what a mail scanner's GET may do (ruling 9).</summary>
    public async Task<Outcome<PendingVerification>> Look(string secret, CancellationToken cancel)
    {
        var pending = await db.Find<PendingVerification>(
            Looking,
            $"""
            select u.id, u.name, u.email, u.email_verified, u.image, u.role::text, u.two_factor_enabled, u.created_at, u.updated_at,
                u.deleted_at, t.expires_at, t.used_at is not null
            from auth.verification_tokens t
            join auth.users u on u.id = t.user_id
            where t.secret_hash = any ({secrets.Hashes(secret)}) and t.purpose = {VerificationMail.Purpose} and u.deleted_at is null
            """,
            cancel
        );
        if (pending is null)
        {
            return Refusals.LinkInvalid;
        }

        return !pending.IsUsed && pending.ExpiresAt <= clock.Now() ? Refusals.LinkExpired : pending;
    }

    public async Task<Outcome<VerifiedEmail>> Run(string secret, PasswordProof proof, Requester requester, CancellationToken cancel)
    {
        var pending = await Look(secret, cancel);
        if (pending.IsRefused)
        {
            return pending.Refusal!;
        }

        var user = pending.Value.User;
        if (pending.Value.IsUsed || user.IsEmailVerified)
        {
            return user.IsEmailVerified ? new VerifiedEmail(user, null) : Refusals.LinkInvalid;
        }

        var prepared = await Prepare(user, proof, requester, cancel);
        if (prepared.IsRefused)
        {
            return prepared.Refusal!;
        }

        var outcome = await db.Transact<VerifiedEmail>(Verifying, tx => Consume(tx, secret, user, prepared.Value, requester), cancel);
        revocations.Changed(user.Id);
        if (outcome is { IsRefused: false, Value.SignedIn: not null })
        {
            Signals.EmailVerified();
        }

        return outcome;
    }

    private async Task<Outcome<Prepared>> Prepare(User user, PasswordProof proof, Requester requester, CancellationToken cancel)
    {
        switch (proof)
        {
            case PasswordProof.Typed typed:
                var stored = await db.Find<One<string>>(
                    Looking,
                    $"select hashed_password from auth.passwords where user_id = {user.Id}",
                    cancel
                );
                var holder = new PasswordHolder(user.Email, user.Id, stored?.Value);
                var right = await check.Run(holder, typed.Password, "verify_email", requester, cancel);
                return right.Then(known => new Prepared(null, known.Settle));
            case PasswordProof.Replaced replaced:
                var hash = await hashing.Create(replaced.Password, user.Email, cancel);
                return hash.Then(created => new Prepared(created, [Lockout.Forget(user.Email, Lockout.Password)]));
            default:
                return new Prepared(null, []);
        }
    }

    private async Task<Outcome<VerifiedEmail>> Consume(Tx tx, string secret, User user, Prepared prepared, Requester requester)
    {
        var now = clock.Now();

        // One conditional statement decides who used the link; whoever comes second finds the address verified and gets no session.
        var used = await tx.Run(
            $"""
            update auth.verification_tokens set used_at = {now}
            where secret_hash = any ({secrets.Hashes(secret)}) and purpose = {VerificationMail.Purpose}
                and used_at is null and expires_at > {now}
            """
        );
        if (used != 1)
        {
            return new VerifiedEmail(user with { IsEmailVerified = true }, null);
        }

        if (prepared.NewHash is { } newHash)
        {
            await tx.Run(
                PasswordRow.Replace(user.Id, newHash, now),
                SecurityEvent.Insert(SecurityEvent.PasswordReplaced, user.Id, requester, now)
            );
            await revoke.All(tx, user.Id, RevokedReason.MailboxProved, requester);
        }

        await tx.Run(
            $"update auth.users set email_verified = true, updated_at = {now} where id = {user.Id}",
            SecurityEvent.Insert(SecurityEvent.EmailVerified, user.Id, requester, now)
        );
        var verified = user with { IsEmailVerified = true, UpdatedAt = now };
        var entered = await gate.Enter(tx, verified, new Stay(sessions.Lifetime, true), requester, Device.Unnamed, prepared.Settle);

        return entered.Then(signedIn => new VerifiedEmail(verified, signedIn));
    }

    /// <summary>What the proof of the password leads to.</summary>
    /// <param name="NewHash">The hash of a replacing password, or null when the stored one stays.</param>
    private sealed record Prepared(string? NewHash, Sql[] Settle);
}
