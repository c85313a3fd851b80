using System.Buffers.Text;
using System.Text;
using Mana.Protocols.Jose;
using Mana.Protocols.Sodium;

namespace Mana.Protocols.Tests.Jose;

/// <summary>Makes tokens of any shape, signed with a right key, and asks the verifier about them.</summary>
internal static class Forge
{
    public const string Kid = "key-1";
    public const string Header = """{"alg":"EdDSA","typ":"JWT","kid":"key-1"}""";

    public const string Payload =
        """{"sub":"user-1","email":"ada@example.com","role":"user","sid":"session-1","iat":1795240450,"exp":1795241350,"iss":"manacore","aud":"manacore"}""";

    public static readonly DateTimeOffset IssuedAt = DateTimeOffset.FromUnixTimeSeconds(1795240450);
    public static readonly DateTimeOffset ExpiresAt = DateTimeOffset.FromUnixTimeSeconds(1795241350);
    public static readonly AccessTokenClaims Claims = new(
        "user-1",
        "ada@example.com",
        "user",
        "session-1",
        IssuedAt,
        ExpiresAt,
        "manacore",
        "manacore"
    );

    // RFC 8032, 7.1, test 2.
    public static readonly Ed25519Key Key = Ed25519Key.FromSeed(
        Convert.FromHexString("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb")
    );
    public static readonly SigningKey Signer = new(Kid, Key);
    public static readonly VerificationKeys Keys = new([(Kid, Key.PublicKey)]);

    public static string Sign(string header, string payload) => SignSegments(Encode(header), Encode(payload));

    public static string SignBytes(string header, byte[] payload) => SignSegments(Encode(header), Base64Url.EncodeToString(payload));

    /// <summary>Signs two segments as they stand, whatever they are.</summary>
    public static string SignSegments(string header, string payload)
    {
        var signature = new byte[64];
        Key.Sign(Encoding.ASCII.GetBytes($"{header}.{payload}"), signature);
        return $"{header}.{payload}.{Base64Url.EncodeToString(signature)}";
    }

    public static string Encode(string text) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));

    public static TokenFault Ask(string token) => Ask(token, IssuedAt, out _);

    public static TokenFault Ask(string token, DateTimeOffset now, out AccessTokenClaims? claims) =>
        AccessTokens.Verify(Encoding.UTF8.GetBytes(token), Keys, "manacore", "manacore", now, out claims);
}
