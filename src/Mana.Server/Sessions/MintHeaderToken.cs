using Mana.Platform;
using Mana.Tokens;

namespace Mana.Sessions;

/// <summary>
/// The access token that rides on get-session. It is signed once and repeated while five minutes of it are left (ruling 32b): signing for
/// every call would make it the most expensive part of the endpoint. It lives in the cache entry and goes with it.
/// </summary>
public sealed class MintHeaderToken(MintAccessToken mint, TimeProvider clock)
{
    private static readonly TimeSpan Reserve = TimeSpan.FromMinutes(5);

    public string Run(SessionCache.Entry entry)
    {
        var now = clock.Now();
        if (entry.Token is { } kept && kept.UsableUntil > now && kept.Kid == mint.Kid)
        {
            return kept.Jwt;
        }

        var (session, user) = entry.Live;
        var jwt = mint.Run(user.Id, user.Email, user.Role, session.Id, now);
        entry.Token = new SessionCache.HeaderToken(jwt, now + TimeSpan.FromSeconds(mint.LifetimeSeconds) - Reserve, mint.Kid);

        return jwt;
    }
}
