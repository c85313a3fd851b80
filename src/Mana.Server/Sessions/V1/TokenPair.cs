using Mana.Platform.Http;
using Mana.Tokens;

namespace Mana.Sessions.V1;

/// <summary>What a client works with until the access token is over: both doors that renew it answer this.</summary>
/// <param name="Token">
/// The session's secret, when the request brought it in its cookie; otherwise null, because only its hash is stored (ADR-0014).
/// </param>
public sealed record TokenPair(ManaUser User, string AccessToken, string RefreshToken, string? Token, int ExpiresIn, string TokenType)
{
    public static TokenPair Of(RefreshedSession refreshed, string? token, MintAccessToken mint, DateTimeOffset now)
    {
        var (user, session) = (refreshed.User, refreshed.Session);

        return new TokenPair(
            user.ToMana(),
            mint.Run(new Bearer(user.Id, user.Email, user.Role, session.Id, session.ExpiresAt), now),
            refreshed.RefreshToken,
            token,
            mint.SecondsOf(session.ExpiresAt, now),
            "Bearer"
        );
    }
}
