using System.Security.Cryptography;
using System.Text;
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
    private readonly Kept<Verified> _verified = new(sessions.TokenCacheMax);

    public TokenFault Run(string token, out AccessTokenClaims? claims)
    {
        claims = null;
        if (token.Length > AccessTokens.MaxTokenLength)
        {
            return TokenFault.Malformed;
        }

        Span<byte> buffer = stackalloc byte[AccessTokens.MaxTokenLength];

        return Encoding.UTF8.TryGetBytes(token, buffer, out var length) ? Run(buffer[..length], out claims) : TokenFault.Malformed;
    }

    public TokenFault Run(ReadOnlySpan<byte> token, out AccessTokenClaims? claims)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(token, hash);
        var key = Digest.Of(hash);
        var now = clock.GetUtcNow();
        if (_verified.TryGet(key, out var known) && known.Keys == keys.Verification)
        {
            claims = known.Claims;
            return now < known.Claims.ExpiresAt + AccessTokens.Leeway ? TokenFault.None : TokenFault.Expired;
        }

        var against = keys.Verification;
        var fault = AccessTokens.Verify(token, against, settings.Issuer, settings.Audience, now, out claims);
        if (fault == TokenFault.None)
        {
            _verified.Set(key, new Verified(claims!, against));
        }

        return fault;
    }

    private sealed record Verified(AccessTokenClaims Claims, VerificationKeys Keys);
}
