using Mana.Platform;
using Mana.Tokens;

namespace Mana.Sessions;

/// <summary>
/// The access token that rides on get-session. It is signed once and repeated while five minutes of it are left (ruling 32b): signing for
/// every call would make it the most expensive part of the endpoint. Its signature lives in the cache entry and goes with it.
/// </summary>
public sealed class MintHeaderToken(MintAccessToken mint, TimeProvider clock)
{
    private static readonly TimeSpan Reserve = TimeSpan.FromMinutes(5);

    /// <summary>The text, and the token it is of.</summary>
    public (string Jwt, MintedToken Minted) Run(SessionCache.Entry entry)
    {
        var (now, session, user) = (clock.Now(), entry.Session, entry.User);
        var bearer = new Bearer(user.Id, user.Email, user.Role, session.Id, session.ExpiresAt);
        if (IsUsable(entry.Token, session, now))
        {
            if (entry.Said is { } said && ReferenceEquals(said.Minted, entry.Token))
            {
                return (said.Jwt, said.Minted);
            }

            if (mint.Repeat(entry.Token!, bearer) is { } repeated)
            {
                return (repeated, entry.Token!);
            }
        }

        var made = mint.Remember(bearer, now);
        entry.Token = made.Minted;

        return made;
    }

    private bool IsUsable(MintedToken? minted, Session session, DateTimeOffset now) =>
        minted is not null && minted.Kid == mint.Kid && mint.ExpiryOf(session.ExpiresAt, minted.At) - Reserve > now;
}
