using Mana.Platform;
using Mana.Platform.Database;
using Mana.Platform.Http;
using Mana.Security;
using Mana.Sessions;
using Mana.Users;

namespace Mana.Admin;

/// <summary>Gives a person another role. Their access tokens are void at once, because they name the old one; sessions stay (ruling 30).</summary>
public sealed class ChangeRole(Db db, Revocations revocations, TimeProvider clock)
{
    public static readonly IReadOnlyList<string> Roles = ["user", "admin", "service"];

    private static readonly Scope Changing = Scope.Service("change the role of a person");

    /// <param name="role">One of <see cref="Roles"/>.</param>
    /// <returns>The role before; <see cref="Refusals.UserNotFound"/> when there is no such person.</returns>
    public Task<Outcome<string>> Run(string email, string role, Requester requester, CancellationToken cancel)
    {
        Invariant.Holds(Roles.Contains(role, StringComparer.Ordinal));

        return db.Transact<string>(
            Changing,
            async tx =>
            {
                if (await tx.Find<User>(User.ByEmail(email)) is not { } user)
                {
                    return Refusals.UserNotFound;
                }

                // Asked again under the lock, so that the event names the role that was really replaced.
                var now = clock.Now();
                var before = await tx.Value<string>($"select role::text from auth.users where id = {user.Id} for no key update");
                if (before is null)
                {
                    return Refusals.UserNotFound;
                }

                if (before != role)
                {
                    await tx.Run(
                        $"update auth.users set role = {role}::auth.user_role, updated_at = {now} where id = {user.Id}",
                        SecurityEvent.Insert(SecurityEvent.RoleChanged, user.Id, requester, now, new { from = before, to = role })
                    );
                    tx.AfterCommit(() => revocations.Changed(user.Id));
                }

                return before;
            },
            cancel
        );
    }
}
