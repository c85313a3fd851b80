using System.Buffers;
using System.Security.Cryptography;

namespace Mana.Protocols.Sealing;

/// <summary>
/// A key-encryption key: an id of <c>[a-z0-9-]{1,32}</c> that appears in every envelope, and 32 bytes that appear nowhere.
/// </summary>
/// <exception cref="ArgumentException">The id or the key is unacceptable; the message shows no part of the key.</exception>
public sealed record Kek(string Id, byte[] Key)
{
    public const int KeyLength = 32;
    public const int MaxIdLength = 32;

    private static readonly SearchValues<char> IdLetters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");

    public string Id { get; } =
        Id.Length is > 0 and <= MaxIdLength && !Id.AsSpan().ContainsAnyExcept(IdLetters)
            ? Id
            : throw new ArgumentException("A KEK id is 1 to 32 characters of [a-z0-9-].", nameof(Id));

    public byte[] Key { get; } =
        Key.Length == KeyLength ? Varied(Key) : throw new ArgumentException("A KEK has exactly 32 bytes.", nameof(Key));

    /// <summary>From base64 with padding, as the environment carries it.</summary>
    /// <exception cref="ArgumentException">Wrong id, no base64, not 32 bytes, or all bytes equal.</exception>
    public static Kek Parse(string id, string base64)
    {
        Span<byte> bytes = stackalloc byte[KeyLength];
        if (!Convert.TryFromBase64String(base64, bytes, out var length) || length != KeyLength)
        {
            throw new ArgumentException("A KEK is the base64 of exactly 32 bytes.", nameof(base64));
        }

        var key = bytes.ToArray();
        try
        {
            return new Kek(id, key);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bytes);
            CryptographicOperations.ZeroMemory(key);
        }
    }

    public override string ToString() => $"Kek {Id} ***";

    /// <summary>All-equal bytes are the placeholder someone forgot to replace.</summary>
    private static byte[] Varied(byte[] key) =>
        key.AsSpan().ContainsAnyExcept(key[0])
            ? Pinned(key)
            : throw new ArgumentException("A KEK of 32 equal bytes is no key.", nameof(key));

    /// <summary>A copy the garbage collector does not move, and so does not leave behind.</summary>
    private static byte[] Pinned(byte[] key)
    {
        var copy = GC.AllocateUninitializedArray<byte>(key.Length, pinned: true);
        key.CopyTo(copy, 0);
        return copy;
    }
}
