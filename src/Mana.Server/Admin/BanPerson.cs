using Mana.Platform;
using Mana.Platform.Database;
using Mana.Platform.Http;
using Mana.Security;
using Mana.Sessions;
using Mana.Users;

namespace Mana.Admin;

/// <summary>
/// Keeps a person out, and lets them in again (ruling 30). A ban ends every session, and the gate opens none as long as it lasts. A sign-in
/// that was under way may still leave a session behind; it is worth nothing while the ban lasts and ends with it.
/// </summary>
public sealed class BanPerson(Db db, RevokeSession revoke, Revocations revocations, TimeProvider clock)
{
    private static readonly Scope Banning = Scope.Service("ban a person");

    private static readonly Scope Unbanning = Scope.Service("lift a ban");

    /// <returns>False when they were banned already; <see cref="Refusals.UserNotFound"/> when there is no such person.</returns>
    public Task<Outcome<bool>> Run(string email, string? reason, Requester requester, CancellationToken cancel) =>
        db.Transact<bool>(
            Banning,
            async tx =>
            {
                if (await tx.Find<User>(User.ByEmail(email)) is not { } user)
                {
                    return Refusals.UserNotFound;
                }

                var now = clock.Now();
                await revoke.All(tx, user.Id, RevokedReason.Banned, requester);
                var banned = await tx.Run(
                    $"update auth.users set banned_at = {now}, updated_at = {now} where id = {user.Id} and banned_at is null"
                );

                return await Record(tx, banned, SecurityEvent.UserBanned, user.Id, requester, now, new { reason });
            },
            cancel
        );

    /// <returns>False when they were not banned; <see cref="Refusals.UserNotFound"/> when there is no such person.</returns>
    public Task<Outcome<bool>> Lift(string email, Requester requester, CancellationToken cancel) =>
        db.Transact<bool>(
            Unbanning,
            async tx =>
            {
                if (await tx.Find<User>(User.ByEmail(email)) is not { } user)
                {
                    return Refusals.UserNotFound;
                }

                if (!await tx.Value<bool>($"select banned_at is not null from auth.users where id = {user.Id}"))
                {
                    return false;
                }

                var now = clock.Now();
                await revoke.All(tx, user.Id, RevokedReason.Banned, requester);
                var lifted = await tx.Run(
                    $"update auth.users set banned_at = null, updated_at = {now} where id = {user.Id} and banned_at is not null"
                );

                return await Record(tx, lifted, SecurityEvent.UserUnbanned, user.Id, requester, now, metadata: null);
            },
            cancel
        );

    private async Task<bool> Record(
        Tx tx,
        int changed,
        string type,
        UserId userId,
        Requester requester,
        DateTimeOffset now,
        object? metadata
    )
    {
        if (changed == 0)
        {
            return false;
        }

        await tx.Run(SecurityEvent.Insert(type, userId, requester, now, metadata));
        tx.AfterCommit(() => revocations.Changed(userId));

        return true;
    }
}
