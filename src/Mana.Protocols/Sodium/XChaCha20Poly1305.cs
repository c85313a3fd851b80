namespace Mana.Protocols.Sodium;

/// <summary>XChaCha20-Poly1305 in its IETF form; what Better Auth seals stored secrets with, so only needed to import them.</summary>
public static class XChaCha20Poly1305
{
    public const int KeyLength = 32;
    public const int NonceLength = 24;
    public const int TagLength = 16;

    /// <summary>Writes ciphertext and tag: 16 bytes more than the plaintext.</summary>
    public static void Seal(
        ReadOnlySpan<byte> key32,
        ReadOnlySpan<byte> nonce24,
        ReadOnlySpan<byte> plaintext,
        ReadOnlySpan<byte> aad,
        Span<byte> ciphertextAndTag
    )
    {
        Check(key32, nonce24);
        if (ciphertextAndTag.Length != plaintext.Length + TagLength)
        {
            throw new ArgumentException("The output is the plaintext's length and 16 bytes.", nameof(ciphertextAndTag));
        }

        Libsodium.Ready();
        _ = Libsodium.crypto_aead_xchacha20poly1305_ietf_encrypt(
            ciphertextAndTag,
            0,
            plaintext,
            (ulong)plaintext.Length,
            aad,
            (ulong)aad.Length,
            0,
            nonce24,
            key32
        );
    }

    /// <summary>False when the tag does not fit; the output is then meaningless.</summary>
    public static bool Open(
        ReadOnlySpan<byte> key32,
        ReadOnlySpan<byte> nonce24,
        ReadOnlySpan<byte> ciphertextAndTag,
        ReadOnlySpan<byte> aad,
        Span<byte> plaintext
    )
    {
        Check(key32, nonce24);
        if (ciphertextAndTag.Length < TagLength)
        {
            return false;
        }

        if (plaintext.Length != ciphertextAndTag.Length - TagLength)
        {
            throw new ArgumentException("The output is 16 bytes shorter than the input.", nameof(plaintext));
        }

        Libsodium.Ready();
        return Libsodium.crypto_aead_xchacha20poly1305_ietf_decrypt(
                plaintext,
                0,
                0,
                ciphertextAndTag,
                (ulong)ciphertextAndTag.Length,
                aad,
                (ulong)aad.Length,
                nonce24,
                key32
            ) == 0;
    }

    private static void Check(ReadOnlySpan<byte> key32, ReadOnlySpan<byte> nonce24)
    {
        if (key32.Length != KeyLength)
        {
            throw new ArgumentException("The key has 32 bytes.", nameof(key32));
        }

        if (nonce24.Length != NonceLength)
        {
            throw new ArgumentException("The nonce has 24 bytes.", nameof(nonce24));
        }
    }
}
