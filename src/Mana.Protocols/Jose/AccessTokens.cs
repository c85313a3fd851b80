using System.Runtime.CompilerServices;
using Mana.Protocols.Sodium;

namespace Mana.Protocols.Jose;

/// <summary>
/// Verifies access tokens. One algorithm, one header shape, one spelling: whatever is not exactly what <see cref="SigningKey.Mint(AccessTokenClaims)"/>
/// makes is refused before its content is believed (RFC 8725, sections 2 and 3).
/// </summary>
public static class AccessTokens
{
    public const int MaxTokenLength = 4096;

    /// <summary>How far clocks may differ, on both ends of a token's life.</summary>
    public static readonly TimeSpan Leeway = TimeSpan.FromSeconds(5);

    internal const int MaxDecodedLength = MaxTokenLength / 4 * 3;

    private const byte Dot = (byte)'.';

    /// <summary>
    /// <see cref="TokenFault.None"/> and the claims, or the first fault. Says nothing about revocation: the caller asks the session.
    /// Never throws for what is in the token.
    /// </summary>
    /// <param name="now">The caller's clock.</param>
    [SkipLocalsInit]
    public static TokenFault Verify(
        ReadOnlySpan<byte> utf8Token,
        VerificationKeys keys,
        string issuer,
        string audience,
        DateTimeOffset now,
        out AccessTokenClaims? claims
    )
    {
        claims = null;
        if (utf8Token.Length > MaxTokenLength || !TrySplit(utf8Token, out var header, out var payload, out var signature))
        {
            return TokenFault.Malformed;
        }

        Span<byte> headerJson = stackalloc byte[MaxDecodedLength];
        Span<byte> payloadJson = stackalloc byte[MaxDecodedLength];
        Span<byte> signatureBytes = stackalloc byte[MaxDecodedLength];
        if (
            !StrictBase64Url.TryDecode(header, headerJson, out var headerLength)
            || !StrictBase64Url.TryDecode(payload, payloadJson, out var payloadLength)
            || !StrictBase64Url.TryDecode(signature, signatureBytes, out var signatureLength)
        )
        {
            return TokenFault.Malformed;
        }

        Span<byte> kid = stackalloc byte[SigningKey.MaxKidLength];
        if (!TokenHeader.TryRead(headerJson[..headerLength], kid, out var kidLength))
        {
            return TokenFault.Malformed;
        }

        if (!keys.TryFind(kid[..kidLength], out var publicKey))
        {
            return TokenFault.UnknownKey;
        }

        var signed = utf8Token[..(header.Length + 1 + payload.Length)];
        if (!Ed25519.Verify(publicKey.Span, signed, signatureBytes[..signatureLength]))
        {
            return TokenFault.InvalidSignature;
        }

        return TokenPayload.TryRead(payloadJson[..payloadLength], out var read)
            ? Check(read, issuer, audience, now, out claims)
            : TokenFault.Malformed;
    }

    private static TokenFault Check(TokenPayload read, string issuer, string audience, DateTimeOffset now, out AccessTokenClaims? claims)
    {
        claims = null;
        if (!string.Equals(read.Issuer, issuer, StringComparison.Ordinal))
        {
            return TokenFault.InvalidIssuer;
        }

        if (!string.Equals(read.Audience, audience, StringComparison.Ordinal))
        {
            return TokenFault.InvalidAudience;
        }

        if (
            read
            is not { Subject.Length: > 0, SessionId.Length: > 0, Email: not null, Role: not null, IssuedAt: { } iat, ExpiresAt: { } exp }
        )
        {
            return TokenFault.Malformed;
        }

        if (now >= exp + Leeway)
        {
            return TokenFault.Expired;
        }

        if (iat > now + Leeway)
        {
            return TokenFault.Malformed;
        }

        claims = new AccessTokenClaims(read.Subject, read.Email, read.Role, read.SessionId, iat, exp, issuer, audience);
        return TokenFault.None;
    }

    /// <summary>At the first and the last dot; a further one between them is outside the base64url alphabet.</summary>
    private static bool TrySplit(
        ReadOnlySpan<byte> token,
        out ReadOnlySpan<byte> header,
        out ReadOnlySpan<byte> payload,
        out ReadOnlySpan<byte> signature
    )
    {
        header = payload = signature = default;
        var first = token.IndexOf(Dot);
        var last = token.LastIndexOf(Dot);
        if (first <= 0 || last <= first + 1 || last == token.Length - 1)
        {
            return false;
        }

        header = token[..first];
        payload = token[(first + 1)..last];
        signature = token[(last + 1)..];
        return true;
    }
}
