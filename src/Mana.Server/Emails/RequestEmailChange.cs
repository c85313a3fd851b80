using Mana.Platform;
using Mana.Platform.Database;
using Mana.Platform.Http;
using Mana.Security;
using Mana.Users;

namespace Mana.Emails;

/// <summary>
/// Somebody wants another address. Nothing changes before the link in the mail to that address is followed (ruling 12c); the address they
/// have is told at once.
/// </summary>
public sealed class RequestEmailChange(Db db, EmailChangeMail mail, TimeProvider clock)
{
    private static readonly Scope Requesting = Scope.Service("ask for a change of address");

    /// <param name="newEmail">In lower case.</param>
    /// <param name="callbackUrl">Where the link leads in the end; checked, or null.</param>
    /// <param name="mayTell">
    /// False where nobody may learn who else is here: a taken address then does and answers the same, but for the letter, which goes to its owner
    /// and has no link.
    /// </param>
    public Task<Outcome<Done>> Run(
        Caller caller,
        string newEmail,
        string? callbackUrl,
        bool mayTell,
        Requester requester,
        CancellationToken cancel
    ) =>
        db.Transact<Done>(
            Requesting,
            async tx =>
            {
                var user = await tx.Find<User>(User.ById(caller.UserId));
                if (user is null or { DeletedAt: not null })
                {
                    return Refusals.UserNotFound;
                }

                if (user.Email == newEmail)
                {
                    return Refusals.EmailIsTheSame;
                }

                // A look, not a decision: the constraint decides when the link is followed.
                var isTaken = await tx.Find<User>(User.ByEmail(newEmail)) is not null;
                if (isTaken && mayTell)
                {
                    return Refusals.EmailAlreadyRegistered;
                }

                var now = clock.Now();
                var change = new WantedAddress(user, newEmail, isTaken, caller.SessionId, callbackUrl);
                await tx.Run([
                    .. await mail.Ask(tx, change, now),
                    SecurityEvent.Insert(SecurityEvent.EmailChangeRequested, user.Id, requester, now),
                ]);

                return Done.Yes;
            },
            cancel
        );
}
