using Mana.Platform;
using Mana.Platform.Database;
using Mana.Security;

namespace Mana.Me;

/// <summary>
/// Follows the link in a mail that erases. The mailbox alone does not erase: the person is signed in where the link is followed (wire section
/// 7.17), so a forwarded mail harms nobody.
/// </summary>
public sealed class FollowErasureLink(Db db, Verifications verifications, ErasePerson erase, TimeProvider clock)
{
    private static readonly Scope Looking = Scope.Service("look at a link that erases");

    /// <summary>A look that consumes nothing: what a mail scanner's GET may do (ruling 9).</summary>
    public async Task<Outcome<Verification>> Look(string secret, CancellationToken cancel)
    {
        var found = await db.Find<Verification>(Looking, verifications.Find(VerificationPurpose.AccountDeletion, secret), cancel);

        return found is null ? Refusals.LinkInvalid
            : found.Check(clock.Now()) is { } refusal ? refusal
            : found;
    }

    /// <param name="signedIn">Who is signed in; somebody else's link is unknown to them.</param>
    public Task<Outcome<ErasedPerson>> Run(string secret, UserId signedIn, CancellationToken cancel) =>
        erase.RunUnless(
            async tx =>
            {
                var used = await tx.Find<Verification>(verifications.Use(VerificationPurpose.AccountDeletion, secret, clock.Now()));

                // A refusal rolls back, so somebody else's click leaves the link to its person.
                return used is null || used.User.Id != signedIn ? Refusals.LinkInvalid : null;
            },
            signedIn,
            cancel
        );
}
