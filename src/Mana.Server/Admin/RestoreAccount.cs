using Mana.Platform;
using Mana.Platform.Database;
using Mana.Platform.Http;
using Mana.Security;
using Mana.Sessions;
using Mana.Users;

namespace Mana.Admin;

/// <summary>
/// Opens a closed account again, for an operator whom its person has asked (ruling 12b). Every device signs in anew: a session somebody
/// opened at the moment of closing does not come back to life.
/// </summary>
public sealed class RestoreAccount(Db db, RevokeSession revoke, Revocations revocations, TimeProvider clock)
{
    private static readonly Scope Restoring = Scope.Service("open a closed account again");

    /// <returns>False when it was open; <see cref="Refusals.UserNotFound"/> when there is no such person, or none any more.</returns>
    public Task<Outcome<bool>> Run(string email, Requester requester, CancellationToken cancel) =>
        db.Transact<bool>(
            Restoring,
            async tx =>
            {
                if (await tx.Find<User>(User.ByEmail(email)) is not { } user)
                {
                    return Refusals.UserNotFound;
                }

                if (user.DeletedAt is null)
                {
                    return false;
                }

                var now = clock.Now();
                await revoke.All(tx, user.Id, RevokedReason.AccountDeleted, requester);
                var restored = await tx.Run(
                    $"update auth.users set deleted_at = null, updated_at = {now} where id = {user.Id} and deleted_at is not null"
                );
                if (restored == 0)
                {
                    return Refusals.UserNotFound; // erased or restored by somebody else meanwhile
                }

                await tx.Run(SecurityEvent.Insert(SecurityEvent.AccountRestored, user.Id, requester, now));
                tx.AfterCommit(() => revocations.Changed(user.Id));

                return true;
            },
            cancel
        );
}
