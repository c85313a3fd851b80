using Mana.Platform;
using Mana.Protocols.Jose;

namespace Mana.Tokens;

/// <summary>
/// Checks signature, issuer, audience and times. Whether the session lives is a question for <c>Sessions</c>. A token whose signature was
/// found good is remembered: the signature is nine tenths of the work. What is remembered holds no decision: expiry is checked every time,
/// and a changed key set voids it.
/// </summary>
public sealed class CheckAccessToken(SigningKeys keys, TokenSettings settings, SessionSettings sessions, TimeProvider clock)
{
    private readonly Kept<SentToken, VerifiedToken> _verified = new(sessions.TokenCacheMax);

    /// <param name="token">As it was sent, in UTF-8.</param>
    /// <param name="verified">Set where the answer is no fault, or <see cref="TokenFault.Expired"/> of a token that was good before.</param>
    public TokenFault Run(ReadOnlyMemory<byte> token, out VerifiedToken? verified)
    {
        var now = clock.GetUtcNow();
        var against = keys.Verification;
        if (_verified.TryGet(new SentToken(token), out verified) && verified.Keys == against)
        {
            return now < verified.Claims.ExpiresAt + AccessTokens.Leeway ? TokenFault.None : TokenFault.Expired;
        }

        var fault = AccessTokens.Verify(token.Span, against, settings.Issuer, settings.Audience, now, out var claims);
        verified = null;
        if (fault == TokenFault.None)
        {
            verified = new VerifiedToken(token.ToArray(), claims!, against);
            _verified.Set(new SentToken(verified.Sent), verified);
        }

        return fault;
    }
}

/// <summary>A token whose signature is good.</summary>
/// <param name="Sent">Every byte of it.</param>
/// <param name="Keys">By which keys it was found good.</param>
public sealed record VerifiedToken(ReadOnlyMemory<byte> Sent, AccessTokenClaims Claims, VerificationKeys Keys)
{
    private const byte Dot = (byte)'.';

    /// <summary>What was signed, in base64url: the claims as JSON.</summary>
    public ReadOnlySpan<byte> Payload
    {
        get
        {
            var sent = Sent.Span;
            var rest = sent[(sent.IndexOf(Dot) + 1)..];

            return rest[..rest.IndexOf(Dot)];
        }
    }
}
