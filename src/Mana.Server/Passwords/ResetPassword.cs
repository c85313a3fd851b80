using Mana.Platform;
using Mana.Platform.Database;
using Mana.Platform.Http;
using Mana.Platform.Telemetry;
using Mana.Security;
using Mana.Sessions;
using Mana.Users;

namespace Mana.Passwords;

/// <summary>
/// Sets a new password by the link in a mail, once. Every session ends, none is opened, and the mailbox is proved (ruling 12): whoever has a
/// second factor is still asked for it when they sign in (EML-11).
/// </summary>
public sealed class ResetPassword(
    Db db,
    Verifications verifications,
    PasswordRules rules,
    PasswordHashing hashing,
    DropUnprovenAccess drop,
    RevokeSession revoke,
    PasswordChangedMail notice,
    Revocations revocations,
    TimeProvider clock
)
{
    private static readonly Scope Looking = Scope.Service("look at a link that resets a password");

    private static readonly Scope Resetting = Scope.Service("reset a password");

    /// <summary>A look that uses nothing up: what a mail scanner's GET may do (ruling 9).</summary>
    public async Task<Outcome<Verification>> Look(string secret, CancellationToken cancel)
    {
        var found = await db.Find<Verification>(Looking, verifications.Find(VerificationPurpose.PasswordReset, secret), cancel);

        return Check(found) is { } refusal ? refusal : found!;
    }

    public async Task<Outcome<Done>> Run(string secret, string newPassword, Requester requester, CancellationToken cancel)
    {
        // Before the link, as on the wire; whose address it may not be made of is known only after it.
        if (rules.Check(newPassword, email: "") is { } weak)
        {
            return weak;
        }

        var link = await Look(secret, cancel);
        if (link.IsRefused)
        {
            return link.Refusal!; // nobody makes us hash by guessing links
        }

        var hash = await hashing.Create(newPassword, link.Value.User.Email, cancel);

        return hash.IsRefused ? hash.Refusal! : await db.Transact<Done>(Resetting, tx => Use(tx, secret, hash.Value, requester), cancel);
    }

    private async Task<Outcome<Done>> Use(Tx tx, string secret, string hash, Requester requester)
    {
        var now = clock.Now();
        if (await tx.Find<Verification>(verifications.Use(VerificationPurpose.PasswordReset, secret, now)) is not { User: var user })
        {
            var found = await tx.Find<Verification>(verifications.Find(VerificationPurpose.PasswordReset, secret));
            return Check(found) ?? Refusals.ResetLinkInvalid;
        }

        if (!user.IsEmailVerified)
        {
            await drop.Run(tx, user.Id, requester);
        }

        await tx.Run([
            .. PasswordRow.Set(user.Id, hash, now),
            Lockout.Forget(user.Email, Lockout.Password),
            SecurityEvent.Insert(SecurityEvent.PasswordResetCompleted, user.Id, requester, now),
            notice.Send(user, now),
        ]);
        await revoke.All(tx, user.Id, RevokedReason.PasswordReset, requester);
        if (!user.IsEmailVerified)
        {
            await Prove(tx, user, requester, now);
        }

        return Done.Yes;
    }

    private async Task Prove(Tx tx, User user, Requester requester, DateTimeOffset now)
    {
        var proved = await tx.Run(
            $"update auth.users set email_verified = true, updated_at = {now} where id = {user.Id} and not email_verified"
        );
        if (proved == 0)
        {
            return; // by another link, at this very moment
        }

        await tx.Run(SecurityEvent.Insert(SecurityEvent.EmailVerified, user.Id, requester, now, new { by = "password_reset" }));
        tx.AfterCommit(() =>
        {
            revocations.Changed(user.Id);
            Signals.EmailVerified();
        });
    }

    private Refusal? Check(Verification? found) =>
        found is null || found.IsUsed ? Refusals.ResetLinkInvalid
        : found.Check(clock.Now()) is null ? null
        : Refusals.ResetLinkExpired;
}
