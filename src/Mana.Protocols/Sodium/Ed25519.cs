namespace Mana.Protocols.Sodium;

/// <summary>Ed25519 signatures (RFC 8032), pure mode.</summary>
public static class Ed25519
{
    public const int SeedLength = 32;
    public const int PublicKeyLength = 32;
    public const int SignatureLength = 64;

    /// <summary>
    /// True when the signature is right. Wrong lengths, S outside its range, non-canonical R or key and small-order points are
    /// all simply false; nothing throws for what an attacker sent.
    /// </summary>
    public static bool Verify(ReadOnlySpan<byte> publicKey32, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature64)
    {
        if (publicKey32.Length != PublicKeyLength || signature64.Length != SignatureLength)
        {
            return false;
        }

        Libsodium.Ready();
        return Libsodium.crypto_sign_verify_detached(signature64, message, (ulong)message.Length, publicKey32) == 0;
    }

    /// <summary>True when the 32 bytes are a canonical point of the main subgroup; small-order keys, which sign everything, are not.</summary>
    public static bool IsPublicKey(ReadOnlySpan<byte> publicKey32)
    {
        if (publicKey32.Length != PublicKeyLength)
        {
            return false;
        }

        Libsodium.Ready();
        return Libsodium.crypto_core_ed25519_is_valid_point(publicKey32) == 1;
    }
}
