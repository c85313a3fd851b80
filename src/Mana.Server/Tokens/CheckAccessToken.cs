using System.Security.Cryptography;
using Mana.Platform;
using Mana.Protocols.Jose;

namespace Mana.Tokens;

/// <summary>
/// Checks signature, issuer, audience and times. Whether the session lives is a question for <c>Sessions</c>. A token whose signature was
/// found good is remembered by its hash: the signature is nine tenths of the work. What is remembered holds no decision: expiry is checked
/// every time, and a changed key set voids it.
/// </summary>
public sealed class CheckAccessToken(SigningKeys keys, TokenSettings settings, SessionSettings sessions, TimeProvider clock)
{
    private readonly Kept<VerifiedToken> _verified = new(sessions.TokenCacheMax);

    /// <param name="token">As it was sent, in UTF-8.</param>
    /// <param name="verified">Set where the answer is no fault, or <see cref="TokenFault.Expired"/> of a token that was good before.</param>
    public TokenFault Run(ReadOnlySpan<byte> token, out VerifiedToken? verified)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(token, hash);
        var key = Digest.Of(hash);
        var now = clock.GetUtcNow();
        var against = keys.Verification;
        if (_verified.TryGet(key, out verified) && verified.Keys == against)
        {
            return now < verified.Claims.ExpiresAt + AccessTokens.Leeway ? TokenFault.None : TokenFault.Expired;
        }

        var fault = AccessTokens.Verify(token, against, settings.Issuer, settings.Audience, now, out var claims);
        verified = null;
        if (fault == TokenFault.None)
        {
            verified = new VerifiedToken(claims!, against);
            _verified.Set(key, verified);
        }

        return fault;
    }
}

/// <summary>A token whose signature is good, and by which keys.</summary>
public sealed record VerifiedToken(AccessTokenClaims Claims, VerificationKeys Keys)
{
    /// <summary>
    /// What <c>/validate</c> says about it while nothing else is wrong, written once. It repeats the claims and nothing that can change.
    /// </summary>
    public byte[]? Answer { get; set; }
}
