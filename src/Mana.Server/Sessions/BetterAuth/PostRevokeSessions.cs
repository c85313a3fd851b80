using Mana.Platform.Http;

namespace Mana.Sessions.BetterAuth;

public static class PostRevokeSessions
{
    /// <summary>Ends all of the caller's sessions, this one too, and clears its cookies (wire section 7.19).</summary>
    public static async Task<Answer<BetterAuthStatus>> Handle(
        Caller caller,
        RevokeOwnSessions revoke,
        SessionCookies cookies,
        Requester requester,
        CancellationToken cancel
    )
    {
        await revoke.All(caller, requester, cancel);
        Answer<BetterAuthStatus> answer = new BetterAuthStatus();

        return answer.With(cookies.Clear());
    }
}
