using System.Text;
using Mana.Protocols.Jose;

namespace Mana.Tokens;

/// <summary>Checks signature, issuer, audience and times. Whether the session lives is a question for <c>Sessions</c>.</summary>
public sealed class CheckAccessToken(SigningKeys keys, TokenSettings settings, TimeProvider clock)
{
    private const int BytesMax = 4096;

    public TokenFault Run(string token, out AccessTokenClaims? claims)
    {
        claims = null;
        if (token.Length > BytesMax)
        {
            return TokenFault.Malformed;
        }

        Span<byte> utf8 = stackalloc byte[BytesMax];

        return Encoding.UTF8.TryGetBytes(token, utf8, out var length)
            ? AccessTokens.Verify(utf8[..length], keys.Verification, settings.Issuer, settings.Audience, clock.GetUtcNow(), out claims)
            : TokenFault.Malformed;
    }
}
