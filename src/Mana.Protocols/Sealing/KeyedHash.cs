using System.Buffers;
using System.Security.Cryptography;
using System.Text;

namespace Mana.Protocols.Sealing;

/// <summary>
/// How secrets are stored: HMAC-SHA256 under a key derived for one purpose. Whoever steals the table cannot test guesses, and a
/// look-up by the hash needs no further comparison. Thread-safe.
/// </summary>
public sealed class KeyedHash
{
    public const int Length = HMACSHA256.HashSizeInBytes;

    private const int StackLimit = 512;

    private readonly byte[] key = GC.AllocateUninitializedArray<byte>(Purposes.KeyLength, pinned: true);

    private KeyedHash(ReadOnlySpan<byte> secret, string purpose) => Purposes.Derive(secret, salt: [], purpose, key);

    /// <param name="secret">The root secret's bytes; never empty.</param>
    /// <param name="purpose">Of <c>[a-z0-9-]</c>, for example <c>session</c>; another purpose gives unrelated hashes.</param>
    public static KeyedHash From(ReadOnlySpan<byte> secret, string purpose)
    {
        if (secret.IsEmpty)
        {
            throw new ArgumentException("A keyed hash needs a secret.", nameof(secret));
        }

        return new KeyedHash(secret, purpose);
    }

    /// <summary>The 32-byte hash of the value's UTF-8 bytes.</summary>
    public byte[] Of(ReadOnlySpan<char> value)
    {
        var hash = new byte[Length];
        var bound = Encoding.UTF8.GetMaxByteCount(value.Length);
        var rented = bound > StackLimit ? ArrayPool<byte>.Shared.Rent(bound) : null;
        var utf8 = rented ?? stackalloc byte[StackLimit];
        var length = Encoding.UTF8.GetBytes(value, utf8);
        HMACSHA256.HashData(key, utf8[..length], hash);
        CryptographicOperations.ZeroMemory(utf8[..length]);
        if (rented is not null)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }

        return hash;
    }

    /// <summary>Writes the 32-byte hash.</summary>
    public void Of(ReadOnlySpan<byte> value, Span<byte> hash32)
    {
        if (hash32.Length != Length)
        {
            throw new ArgumentException("The hash has 32 bytes.", nameof(hash32));
        }

        HMACSHA256.HashData(key, value, hash32);
    }
}
