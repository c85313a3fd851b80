using Mana.Platform;
using Mana.Platform.Database;
using Mana.Platform.Http;
using Mana.Security;
using Mana.Users;

namespace Mana.Emails;

/// <summary>Mails a new verification link when the address belongs to somebody who still needs one, and tells nobody which it was.</summary>
public sealed class ResendVerification(Db db, VerificationMail mail, Verifications verifications, TimeProvider clock)
{
    private static readonly Scope Resending = Scope.Service("send a verification mail again");

    public Task<Outcome<Done>> Run(string email, string? callbackUrl, Requester requester, CancellationToken cancel) =>
        Send(tx => tx.Find<User>(User.ByEmail(email)), callbackUrl, requester, cancel);

    /// <summary>The same for whoever holds an earlier link: the new one goes to the mailbox the earlier one went to, and nowhere else.</summary>
    public Task<Outcome<Done>> ByLink(string secret, string? callbackUrl, Requester requester, CancellationToken cancel) =>
        Send(
            async tx =>
            {
                var link = await tx.Find<Verification>(verifications.Find(VerificationPurpose.EmailVerification, secret));
                return link is { IsUsed: false } ? link.User : null;
            },
            callbackUrl,
            requester,
            cancel
        );

    private Task<Outcome<Done>> Send(Func<Tx, Task<User?>> find, string? callbackUrl, Requester requester, CancellationToken cancel)
    {
        var now = clock.Now();

        return db.Transact<Done>(
            Resending,
            async tx =>
            {
                if (
                    await find(tx) is { IsEmailVerified: false, DeletedAt: null } user
                    && await mail.AskAgain(tx, user, callbackUrl, now) is { Length: > 0 } link
                )
                {
                    await tx.Run([.. link, SecurityEvent.Insert(SecurityEvent.EmailVerificationResent, user.Id, requester, now)]);
                }

                return Done.Yes;
            },
            cancel
        );
    }
}
