using Mana.Platform;
using Mana.Platform.Http;
using Mana.Tokens;

namespace Mana.Sessions.BetterAuth;

public static class GetToken
{
    public sealed record Response(string Token);

    /// <summary>A fresh access token for the presented session (wire section 7.21).</summary>
    public static Answer<Response> Handle(Caller caller, MintAccessToken mint, TimeProvider clock) =>
        new Response(mint.Run(new Bearer(caller.UserId, caller.Email, caller.Role, caller.SessionId, caller.SessionEndsAt), clock.Now()));
}
