using Mana.Platform;
using Mana.Platform.Database;
using Mana.Platform.Http;
using Mana.Security;
using Mana.Users;

namespace Mana.Emails;

/// <summary>Mails a new verification link when the address belongs to somebody who still needs one, and tells nobody which it was.</summary>
public sealed class ResendVerification(Db db, VerificationMail mail, TimeProvider clock)
{
    private static readonly Scope Resending = Scope.Service("send a verification mail again");

    public Task<Outcome<Done>> Run(string email, string? callbackUrl, Requester requester, CancellationToken cancel)
    {
        var now = clock.Now();

        return db.Transact<Done>(
            Resending,
            async tx =>
            {
                var user = await tx.Find<User>(User.ByEmail(email));
                if (user is { IsEmailVerified: false, DeletedAt: null })
                {
                    await tx.Run([
                        .. mail.Ask(user, callbackUrl, now),
                        SecurityEvent.Insert(SecurityEvent.EmailVerificationResent, user.Id, requester, now),
                    ]);
                }

                return Done.Yes;
            },
            cancel
        );
    }
}
