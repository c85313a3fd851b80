using System.Runtime.CompilerServices;
using Mana.Platform;
using Mana.Protocols.Jose;
using Mana.Protocols.Sodium;

namespace Mana.Tokens;

/// <summary>Signs access tokens: exactly the claims of ruling 2, at most 15 minutes and never beyond the end of the session (SES-06).</summary>
public sealed class MintAccessToken(SigningKeys keys, TokenSettings settings)
{
    public string Kid => keys.Active.Kid;

    /// <summary>When a token that is made now is over.</summary>
    public DateTimeOffset ExpiryOf(DateTimeOffset sessionEndsAt, DateTimeOffset now) =>
        now + settings.AccessLifetime < sessionEndsAt ? now + settings.AccessLifetime : sessionEndsAt;

    /// <summary>How long a token that is made now works, in whole seconds.</summary>
    public int SecondsOf(DateTimeOffset sessionEndsAt, DateTimeOffset now) => (int)(ExpiryOf(sessionEndsAt, now) - now).TotalSeconds;

    public string Run(Bearer bearer, DateTimeOffset now) => keys.Active.Mint(Claims(bearer, now));

    /// <summary>The same, and what is needed to <see cref="Repeat"/> it.</summary>
    public (string Jwt, MintedToken Minted) Remember(Bearer bearer, DateTimeOffset now)
    {
        var key = keys.Active;
        var minted = new MintedToken(now, key.Kid);

        return (key.Mint(Claims(bearer, now), minted.Signature), minted);
    }

    /// <summary>A token as it was minted, from the same arguments; null when another key signs now.</summary>
    public string? Repeat(MintedToken minted, Bearer bearer)
    {
        var key = keys.Active;

        return key.Kid == minted.Kid ? key.Repeat(Claims(bearer, minted.At), minted.Signature) : null;
    }

    private AccessTokenClaims Claims(Bearer bearer, DateTimeOffset now) =>
        new(
            bearer.UserId.Value,
            bearer.Email,
            bearer.Role,
            bearer.SessionId.Value,
            now,
            ExpiryOf(bearer.SessionEndsAt, now),
            settings.Issuer,
            settings.Audience
        );
}

/// <summary>Whom a token is made for.</summary>
public readonly record struct Bearer(UserId UserId, string Email, string Role, SessionId SessionId, DateTimeOffset SessionEndsAt);

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
