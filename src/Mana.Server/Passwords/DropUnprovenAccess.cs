using Mana.Platform;
using Mana.Platform.Database;
using Mana.Platform.Http;
using Mana.Sessions;

namespace Mana.Passwords;

/// <summary>
/// Drops what was put on an account before anybody proved its mailbox: whoever signed up with a stranger's address must not be left with a
/// way in when the stranger arrives (ruling 10, D5).
/// </summary>
public sealed class DropUnprovenAccess(RevokeSession revoke)
{
    /// <summary>Every credential and every session, in the transaction of the proof.</summary>
    public async Task Run(Tx tx, UserId userId, Requester requester)
    {
        await tx.Run($"delete from auth.passwords where user_id = {userId}", $"delete from auth.accounts where user_id = {userId}");
        await revoke.All(tx, userId, RevokedReason.MailboxProved, requester);
    }
}
