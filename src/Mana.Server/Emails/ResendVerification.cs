using Mana.Platform;
using Mana.Platform.Database;
using Mana.Platform.Http;
using Mana.Security;
using Mana.Users;

namespace Mana.Emails;

/// <summary>Mails a new verification link when the address belongs to somebody who still needs one, and tells nobody which it was.</summary>
public sealed class ResendVerification(Db db, VerificationMail mail, VerificationSecrets secrets, TimeProvider clock)
{
    private static readonly Scope Resending = Scope.Service("send a verification mail again");

    public Task<Outcome<Done>> Run(string email, string? callbackUrl, Requester requester, CancellationToken cancel) =>
        Send(tx => tx.Find<User>(User.ByEmail(email)), callbackUrl, requester, cancel);

    /// <summary>The same for whoever holds an earlier link: the new one goes to the mailbox the earlier one went to, and nowhere else.</summary>
    public Task<Outcome<Done>> ByLink(string secret, string? callbackUrl, Requester requester, CancellationToken cancel) =>
        Send(
            tx =>
                tx.Find<User>(
                    $"""
                    select u.id, u.name, u.email, u.email_verified, u.image, u.role::text, u.two_factor_enabled, u.created_at, u.updated_at,
                        u.deleted_at
                    from auth.verification_tokens t
                    join auth.users u on u.id = t.user_id
                    where t.secret_hash = any ({secrets.Hashes(secret)}) and t.purpose = {VerificationMail.Purpose} and t.used_at is null
                    """
                ),
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
                var user = await find(tx);
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
