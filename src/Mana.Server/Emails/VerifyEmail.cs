using Mana.Passwords;
using Mana.Platform;
using Mana.Platform.Database;
using Mana.Platform.Http;
using Mana.Platform.Telemetry;
using Mana.Security;
using Mana.Sessions;
using Mana.SignIn;
using Mana.Users;

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

/// <summary>Follows a verification link: the mailbox is proved and the visitor signed in, once.</summary>
public sealed class VerifyEmail(
    Db db,
    Verifications verifications,
    CheckPassword check,
    PasswordHashing hashing,
    Gate gate,
    SessionSettings sessions,
    DropUnprovenAccess drop,
    Revocations revocations,
    TimeProvider clock
)
{
    private static readonly Scope Looking = Scope.Service("look at a verification link");

    private static readonly Scope Verifying = Scope.Service("verify an e-mail address");

    /// <summary>A look that consumes nothing: what a mail scanner's GET may do (ruling 9). A used link is answered like an open one.</summary>
    public async Task<Outcome<Verification>> Look(string secret, CancellationToken cancel)
    {
        var found = await db.Find<Verification>(Looking, verifications.Find(VerificationPurpose.EmailVerification, secret), cancel);

        return found is null ? Refusals.LinkInvalid
            : !found.IsUsed && found.Check(clock.Now()) is { } refusal ? refusal
            : found;
    }

    public async Task<Outcome<VerifiedEmail>> Run(string secret, PasswordProof proof, Requester requester, CancellationToken cancel)
    {
        var pending = await Look(secret, cancel);
        if (pending.IsRefused)
        {
            return pending.Refusal!;
        }

        if (pending.Value.IsUsed || pending.Value.User.IsEmailVerified)
        {
            return Known(pending.Value);
        }

        var prepared = await Prepare(pending.Value.User, proof, requester, cancel);
        if (prepared.IsRefused)
        {
            return prepared.Refusal!;
        }

        var outcome = await db.Transact<VerifiedEmail>(Verifying, tx => Use(tx, secret, prepared.Value, requester), cancel);
        if (outcome is { IsRefused: false, Value.SignedIn: not null })
        {
            Signals.EmailVerified();
        }

        return outcome;
    }

    /// <summary>What is slow about a proof, done before the transaction.</summary>
    private async Task<Outcome<Prepared>> Prepare(User user, PasswordProof proof, Requester requester, CancellationToken cancel)
    {
        switch (proof)
        {
            case PasswordProof.Typed typed:
                var stored = await db.Find<One<string>>(Looking, PasswordRow.Find(user.Id), cancel);
                var holder = new PasswordHolder(user.Email, user.Id, stored?.Value);
                var right = await check.Run(holder, typed.Password, "verify_email", requester, cancel);
                return right.Then(known => new Prepared(stored!.Value, null, known.Settle));
            case PasswordProof.Replaced replaced:
                var hash = await hashing.Create(replaced.Password, user.Email, cancel);
                return hash.Then(created => new Prepared(null, created, [Lockout.Forget(user.Email, Lockout.Password)]));
            default:
                return new Prepared(null, null, []);
        }
    }

    private async Task<Outcome<VerifiedEmail>> Use(Tx tx, string secret, Prepared proof, Requester requester)
    {
        var now = clock.Now();
        if (await tx.Find<Verification>(verifications.Use(VerificationPurpose.EmailVerification, secret, now)) is not { } used)
        {
            // Another click was first, or a newer mail took its place: what is true now tells which.
            var found = await tx.Find<Verification>(verifications.Find(VerificationPurpose.EmailVerification, secret));
            return found is null ? Refusals.LinkInvalid : Known(found);
        }

        if (used.User.IsEmailVerified)
        {
            return new VerifiedEmail(used.User, null);
        }

        if (proof.VerifiedHash is { } verified && await tx.Find<One<string>>(PasswordRow.Confirm(used.User.Id, verified)) is null)
        {
            return Refusals.InvalidCredentials; // it was changed while the old one was being verified
        }

        if (proof.NewHash is { } hash)
        {
            await drop.Run(tx, used.User.Id, requester);
            await tx.Run([
                .. PasswordRow.Set(used.User.Id, hash, now),
                SecurityEvent.Insert(SecurityEvent.PasswordReplaced, used.User.Id, requester, now),
            ]);
        }

        await tx.Run(
            $"update auth.users set email_verified = true, updated_at = {now} where id = {used.User.Id}",
            SecurityEvent.Insert(SecurityEvent.EmailVerified, used.User.Id, requester, now)
        );
        tx.AfterCommit(() => revocations.Changed(used.User.Id));
        var user = used.User with { IsEmailVerified = true, UpdatedAt = now };
        var entered = await gate.Enter(tx, user, new Stay(sessions.Lifetime, true), requester, Device.Unnamed, proof.Settle);

        return entered.Then(signedIn => new VerifiedEmail(user, signedIn));
    }

    /// <summary>A link that did its work is a success without a session (ruling 12a).</summary>
    private Outcome<VerifiedEmail> Known(Verification link) =>
        link.User.IsEmailVerified ? new VerifiedEmail(link.User, null) : link.Check(clock.Now()) ?? Refusals.LinkInvalid;

    /// <summary>What the proof of the password leads to.</summary>
    /// <param name="VerifiedHash">The stored hash the typed password fits; still to be confirmed.</param>
    /// <param name="NewHash">The hash of a replacing password, or null when the stored one stays.</param>
    private sealed record Prepared(string? VerifiedHash, string? NewHash, Sql[] Settle);
}
