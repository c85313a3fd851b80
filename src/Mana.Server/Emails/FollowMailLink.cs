using Mana.Platform;
using Mana.Platform.Http;
using Mana.SignIn;
using Mana.Users;

namespace Mana.Emails;

/// <summary>What following a link led to.</summary>
/// <param name="SignedIn">A new session, for an address that was proved just now.</param>
/// <param name="IsChange">The person has a new address.</param>
public sealed record FollowedLink(User User, SignedIn? SignedIn, bool IsChange);

/// <summary>Follows a link that confirms an address, whichever of the two kinds it is: the wire has one route for both (section 7.7).</summary>
public sealed class FollowMailLink(VerifyEmail verify, ChangeEmail change)
{
    public async Task<Outcome<FollowedLink>> Run(string secret, UserId? signedIn, Requester requester, CancellationToken cancel)
    {
        var verified = await verify.Run(secret, new PasswordProof.Keep(), requester, cancel);
        if (verified.Refusal != Refusals.LinkInvalid)
        {
            return verified.Then(email => new FollowedLink(email.User, email.SignedIn, IsChange: false));
        }

        // Of no purpose the first one knows: it is a change, or nothing.
        var changed = await change.Run(secret, signedIn, requester, cancel);

        return changed.Then(user => new FollowedLink(user, null, IsChange: true));
    }
}
