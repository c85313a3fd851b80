using Mana.Platform;
using Mana.Platform.Database;
using Mana.Platform.Http;
using Mana.Security;
using Mana.Users;

namespace Mana.Passwords;

/// <summary>Mails a link that sets a new password, if the address belongs to somebody, and tells nobody whether it does (ENU-03).</summary>
public sealed class RequestPasswordReset(Db db, PasswordResetMail mail, TimeProvider clock)
{
    private static readonly Scope Requesting = Scope.Service("mail a link that resets a password");

    /// <param name="redirectTo">A checked redirect target, or null.</param>
    public Task<Outcome<Done>> Run(string email, string? redirectTo, Requester requester, CancellationToken cancel)
    {
        var now = clock.Now();

        return db.Transact<Done>(
            Requesting,
            async tx =>
            {
                var found = await tx.Find<User>(User.ByEmail(email));
                var known = found is { DeletedAt: null } ? found : null;

                // A stranger costs the same: the same statements in as many round trips, the same work on the secret, the same commit. Only
                // what was made for nobody is not stored.
                var link = await mail.Ask(tx, known ?? User.New(email, name: null, image: null, now), redirectTo, now);
                await tx.Run([
                    .. known is null ? [] : link,
                    SecurityEvent.Insert(SecurityEvent.PasswordResetRequested, known?.Id, requester, now),
                ]);

                return Done.Yes;
            },
            cancel
        );
    }
}
