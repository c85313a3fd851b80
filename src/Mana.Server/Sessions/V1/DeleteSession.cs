using Mana.Platform;
using Mana.Platform.Http;

namespace Mana.Sessions.V1;

public static class DeleteSession
{
    /// <summary>
    /// Ends one of the caller's sessions with everything it gave: cookie, refresh token, access tokens. Somebody else's, an unknown and an
    /// ended one are the same 404. The current one may be ended too.
    /// </summary>
    public static async Task<Answer<Done>> Handle(
        string id,
        Caller caller,
        RevokeOwnSessions revoke,
        SessionCookies cookies,
        Requester requester,
        CancellationToken cancel
    )
    {
        var ended = await revoke.One(caller, new SessionId(id), requester, cancel);
        if (ended.IsRefused)
        {
            return ended.Refusal!;
        }

        var answer = Answer<Done>.Empty(StatusCodes.Status204NoContent);

        return id == caller.SessionId.Value ? answer.With(cookies.Clear()) : answer;
    }
}
