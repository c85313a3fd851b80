using Mana.Platform;
using Mana.Platform.Http;

namespace Mana.Sessions.V1;

public static class DeleteSessions
{
    /// <summary>Ends all of the caller's sessions, this one too, and clears its cookies.</summary>
    public static async Task<Answer<Done>> Handle(
        Caller caller,
        RevokeOwnSessions revoke,
        SessionCookies cookies,
        Requester requester,
        CancellationToken cancel
    )
    {
        await revoke.All(caller, requester, cancel);

        return Answer<Done>.Empty(StatusCodes.Status204NoContent).With(cookies.Clear());
    }
}
