using Mana.Passwords;
using Mana.Platform;
using Mana.Platform.Database;
using Mana.Platform.Http;
using Mana.Security;
using Mana.Sessions;
using Mana.Users;

namespace Mana.Me;

/// <summary>
/// Closes an account (ruling 12b): nobody signs in to it any more, and its address stays taken. For thirty days an operator can open it
/// again; then its person is erased.
/// </summary>
public sealed class CloseAccount(
    Db db,
    CheckOwnPassword password,
    RevokeSession revoke,
    ClosingMail mail,
    Revocations revocations,
    TimeProvider clock
)
{
    private static readonly Scope Closing = Scope.Service("close an account");

    /// <param name="reason">What the person says about it; kept in the audit.</param>
    public async Task<Outcome<Done>> Run(UserId userId, string typed, string? reason, Requester requester, CancellationToken cancel)
    {
        var verified = await password.Run(userId, typed, "close_account", requester, cancel);

        return verified.IsRefused
            ? verified.Refusal!
            : await db.Transact<Done>(Closing, tx => Close(tx, userId, verified.Value, reason, requester), cancel);
    }

    private async Task<Outcome<Done>> Close(Tx tx, UserId userId, OwnPassword verified, string? reason, Requester requester)
    {
        var now = clock.Now();

        // What is still on its way to the mailbox must not open anything, not even after the account is opened again.
        await tx.Run(Verifications.SupersedeAll(userId, now));
        if (await tx.Find<One<string>>(PasswordRow.Confirm(userId, verified.Hash)) is null)
        {
            return Refusals.InvalidCredentials; // it was changed while the old one was being verified
        }

        await revoke.All(tx, userId, RevokedReason.AccountDeleted, requester);
        var closed = await tx.Find<User>(
            $"""
            update auth.users set deleted_at = {now}, updated_at = {now}
            where id = {userId} and deleted_at is null
            returning id, name, email, email_verified, image, role::text, two_factor_enabled, created_at, updated_at, deleted_at
            """
        );
        if (closed is null)
        {
            return Refusals.UserNotFound; // closed or erased by another request meanwhile
        }

        await tx.Run([
            .. verified.Settle,
            SecurityEvent.Insert(SecurityEvent.AccountDeleted, userId, requester, now, new { reason }),
            mail.Send(closed, now),
        ]);
        tx.AfterCommit(() => revocations.Changed(userId));

        return Done.Yes;
    }
}
