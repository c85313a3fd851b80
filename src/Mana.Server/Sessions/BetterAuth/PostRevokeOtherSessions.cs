using Mana.Platform.Http;

namespace Mana.Sessions.BetterAuth;

public static class PostRevokeOtherSessions
{
    /// <summary>Ends all of the caller's sessions but this one (wire section 7.19).</summary>
    public static async Task<Answer<BetterAuthStatus>> Handle(
        Caller caller,
        RevokeOwnSessions revoke,
        Requester requester,
        CancellationToken cancel
    )
    {
        await revoke.Others(caller, requester, cancel);

        return new BetterAuthStatus();
    }
}
