using Mana.Platform;
using Mana.Platform.Http;

namespace Mana.Sessions.BetterAuth;

public static class PostGetSession
{
    /// <summary>Reading a session renews it here, so nobody has to ask for that apart: the only 405 of the wire (section 1.1).</summary>
    public static Answer<Done> Handle(HttpContext http)
    {
        http.Response.Headers.Pragma = "no-cache";

        return Refusals.SessionRefreshIsNotDeferred;
    }
}
