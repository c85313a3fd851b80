using System.Buffers.Text;
using System.Runtime.CompilerServices;
using System.Text;
using Mana.Protocols.Sodium;

namespace Mana.Protocols.Jose;

/// <summary>A named Ed25519 key that mints access tokens. Thread-safe. Disposing the key ends it.</summary>
public sealed class SigningKey(string kid, Ed25519Key key)
{
    public const int MaxKidLength = 128;

    private const byte Dot = (byte)'.';
    private static readonly int SignatureTextLength = Base64Url.GetEncodedLength(Ed25519.SignatureLength);

    private readonly byte[] headerAndDot = HeaderOf(kid);

    public string Kid { get; } = kid;

    public ReadOnlyMemory<byte> PublicKey => key.PublicKey;

    /// <summary>The token: header exactly <c>{"alg":"EdDSA","typ":"JWT","kid":"…"}</c>, the eight claims in their order, 64-byte signature.</summary>
    /// <exception cref="ArgumentException">The token would be longer than <see cref="AccessTokens.MaxTokenLength"/>.</exception>
    public string Mint(AccessTokenClaims claims) => Mint(claims, stackalloc byte[Ed25519.SignatureLength]);

    /// <summary>The same, and its 64-byte signature, with which <see cref="Repeat"/> writes it again at a hundredth of the cost.</summary>
    [SkipLocalsInit]
    public string Mint(AccessTokenClaims claims, Span<byte> signature)
    {
        Span<byte> token = stackalloc byte[AccessTokens.MaxTokenLength];
        var signedLength = WriteSigned(token, claims);
        key.Sign(token[..signedLength], signature);
        return Finish(token, signedLength, signature);
    }

    /// <summary>A token of this key once more, from the same claims and the signature it got.</summary>
    [SkipLocalsInit]
    public string Repeat(AccessTokenClaims claims, ReadOnlySpan<byte> signature)
    {
        Span<byte> token = stackalloc byte[AccessTokens.MaxTokenLength];
        return Finish(token, WriteSigned(token, claims), signature);
    }

    [SkipLocalsInit]
    private int WriteSigned(Span<byte> token, AccessTokenClaims claims)
    {
        var json = new JsonBytes(stackalloc byte[AccessTokens.MaxDecodedLength]);
        Write(ref json, claims);
        var signedLength = headerAndDot.Length + Base64Url.GetEncodedLength(json.Written.Length);
        if (!json.Fits || signedLength + 1 + SignatureTextLength > AccessTokens.MaxTokenLength)
        {
            throw new ArgumentException("The claims do not fit into a token.", nameof(claims));
        }

        headerAndDot.CopyTo(token);
        Base64Url.EncodeToUtf8(json.Written, token[headerAndDot.Length..]);
        return signedLength;
    }

    private static string Finish(Span<byte> token, int signedLength, ReadOnlySpan<byte> signature)
    {
        token[signedLength] = Dot;
        Base64Url.EncodeToUtf8(signature, token[(signedLength + 1)..]);
        return Encoding.ASCII.GetString(token[..(signedLength + 1 + SignatureTextLength)]);
    }

    internal static void CheckKid(string kid)
    {
        if (kid.Length is 0 or > MaxKidLength || !Ascii.IsValid(kid))
        {
            throw new ArgumentException($"A kid is 1 to {MaxKidLength} ASCII characters.", nameof(kid));
        }
    }

    private static void Write(ref JsonBytes json, AccessTokenClaims claims)
    {
        json.Literal("{\"sub\":"u8);
        json.Text(claims.Subject);
        json.Literal(",\"email\":"u8);
        json.Text(claims.Email);
        json.Literal(",\"role\":"u8);
        json.Text(claims.Role);
        json.Literal(",\"sid\":"u8);
        json.Text(claims.SessionId);
        json.Literal(",\"iat\":"u8);
        json.Number(claims.IssuedAt.ToUnixTimeSeconds());
        json.Literal(",\"exp\":"u8);
        json.Number(claims.ExpiresAt.ToUnixTimeSeconds());
        json.Literal(",\"iss\":"u8);
        json.Text(claims.Issuer);
        json.Literal(",\"aud\":"u8);
        json.Text(claims.Audience);
        json.Literal("}"u8);
    }

    private static byte[] HeaderOf(string kid)
    {
        CheckKid(kid);
        var json = new JsonBytes(stackalloc byte[AccessTokens.MaxDecodedLength]);
        json.Literal("{\"alg\":\"EdDSA\",\"typ\":\"JWT\",\"kid\":"u8);
        json.Text(kid);
        json.Literal("}"u8);
        return [.. Encoding.ASCII.GetBytes(Base64Url.EncodeToString(json.Written)), Dot];
    }
}
