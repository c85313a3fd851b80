using System.Runtime.CompilerServices;
using Mana.Platform;
using Mana.Protocols.Jose;
using Mana.Protocols.Sodium;

namespace Mana.Tokens;

/// <summary>Signs access tokens: exactly the claims of ruling 2, at most 15 minutes.</summary>
public sealed class MintAccessToken(SigningKeys keys, TokenSettings settings)
{
    public string Kid => keys.Active.Kid;

    public int LifetimeSeconds => (int)settings.AccessLifetime.TotalSeconds;

    public string Run(UserId userId, string email, string role, SessionId sessionId, DateTimeOffset now) =>
        keys.Active.Mint(Claims(userId, email, role, sessionId, now));

    /// <summary>The same, and what is needed to <see cref="Repeat"/> it.</summary>
    public (string Jwt, MintedToken Minted) Remember(UserId userId, string email, string role, SessionId sessionId, DateTimeOffset now)
    {
        var key = keys.Active;
        var minted = new MintedToken(now, key.Kid);

        return (key.Mint(Claims(userId, email, role, sessionId, now), minted.Signature), minted);
    }

    /// <summary>A token as it was minted, from the same arguments; null when another key signs now.</summary>
    public string? Repeat(MintedToken minted, UserId userId, string email, string role, SessionId sessionId)
    {
        var key = keys.Active;

        return key.Kid == minted.Kid ? key.Repeat(Claims(userId, email, role, sessionId, minted.At), minted.Signature) : null;
    }

    private AccessTokenClaims Claims(UserId userId, string email, string role, SessionId sessionId, DateTimeOffset now) =>
        new(userId.Value, email, role, sessionId.Value, now, now + settings.AccessLifetime, settings.Issuer, settings.Audience);
}

/// <summary>A token without its text, which is many times as long. The signature lies in the object itself: a hundred thousand are kept.</summary>
public sealed class MintedToken(DateTimeOffset at, string kid)
{
    private SignatureBytes _signature;

    public DateTimeOffset At { get; } = at;

    public string Kid { get; } = kid;

    public Span<byte> Signature => _signature;

    [InlineArray(Ed25519.SignatureLength)]
    private struct SignatureBytes
    {
        private byte _first;
    }
}
