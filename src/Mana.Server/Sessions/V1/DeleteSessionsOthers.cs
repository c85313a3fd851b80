using Mana.Platform;
using Mana.Platform.Http;

namespace Mana.Sessions.V1;

public static class DeleteSessionsOthers
{
    /// <summary>Ends all of the caller's sessions but this one.</summary>
    public static async Task<Answer<Done>> Handle(Caller caller, RevokeOwnSessions revoke, Requester requester, CancellationToken cancel)
    {
        await revoke.Others(caller, requester, cancel);

        return Answer<Done>.Empty(StatusCodes.Status204NoContent);
    }
}
