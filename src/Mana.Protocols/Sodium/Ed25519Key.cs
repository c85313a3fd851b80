using System.Security.Cryptography;

namespace Mana.Protocols.Sodium;

/// <summary>A private Ed25519 key in guarded memory. Safe for any number of concurrent <see cref="Sign"/> calls.</summary>
public sealed class Ed25519Key : IDisposable
{
    // libsodium's secret key is the seed followed by the public key.
    private const int SecretKeyLength = Ed25519.SeedLength + Ed25519.PublicKeyLength;

    private readonly GuardedMemory secretKey = new(SecretKeyLength);
    private readonly byte[] publicKey = new byte[Ed25519.PublicKeyLength];

    private Ed25519Key(ReadOnlySpan<byte> seed)
    {
        if (Libsodium.crypto_sign_seed_keypair(publicKey, secretKey.Address, seed) != 0)
        {
            throw new InvalidOperationException("libsodium could not derive an Ed25519 key.");
        }

        secretKey.MakeReadOnly();
    }

    /// <summary>The 32 bytes everyone may know.</summary>
    public ReadOnlyMemory<byte> PublicKey => publicKey;

    /// <summary>The key pair of a 32-byte seed (RFC 8032 calls it the private key). The caller wipes the seed.</summary>
    /// <exception cref="ArgumentException">The seed is not 32 bytes.</exception>
    public static Ed25519Key FromSeed(ReadOnlySpan<byte> seed32)
    {
        if (seed32.Length != Ed25519.SeedLength)
        {
            throw new ArgumentException("An Ed25519 seed has 32 bytes.", nameof(seed32));
        }

        return new Ed25519Key(seed32);
    }

    /// <summary>32 random bytes, to be sealed and stored.</summary>
    public static byte[] NewSeed() => RandomNumberGenerator.GetBytes(Ed25519.SeedLength);

    /// <summary>Writes the 64-byte signature of the message.</summary>
    /// <exception cref="ObjectDisposedException">The key was disposed.</exception>
    public void Sign(ReadOnlySpan<byte> message, Span<byte> signature64)
    {
        if (signature64.Length != Ed25519.SignatureLength)
        {
            throw new ArgumentException("An Ed25519 signature has 64 bytes.", nameof(signature64));
        }

        if (Libsodium.crypto_sign_detached(signature64, 0, message, (ulong)message.Length, secretKey) != 0)
        {
            throw new InvalidOperationException("libsodium could not sign.");
        }
    }

    public void Dispose() => secretKey.Dispose();
}
