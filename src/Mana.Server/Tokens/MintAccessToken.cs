using Mana.Platform;
using Mana.Protocols.Jose;

namespace Mana.Tokens;

/// <summary>Signs access tokens: exactly the claims of ruling 2, at most 15 minutes.</summary>
public sealed class MintAccessToken(SigningKeys keys, TokenSettings settings)
{
    public string Kid => keys.Active.Kid;

    public int LifetimeSeconds => (int)settings.AccessLifetime.TotalSeconds;

    public string Run(UserId userId, string email, string role, SessionId sessionId, DateTimeOffset now) =>
        keys.Active.Mint(
            new AccessTokenClaims(
                userId.Value,
                email,
                role,
                sessionId.Value,
                now,
                now + settings.AccessLifetime,
                settings.Issuer,
                settings.Audience
            )
        );
}
