using System.Text;
using Mana.Protocols.Sodium;

namespace Mana.Protocols.Jose;

/// <summary>
/// The public keys whose tokens are accepted; immutable, so a rotation replaces the whole set. There are only a few
/// (announced, active, retired): a scan over UTF-8 names beats a dictionary and allocates nothing.
/// </summary>
public sealed class VerificationKeys
{
    public const int MaxKeys = 64;

    private readonly Entry[] entries;

    /// <exception cref="ArgumentException">A kid is empty, twice there or longer than <see cref="SigningKey.MaxKidLength"/>, a key is no
    /// point of the main subgroup, or there are too many.</exception>
    public VerificationKeys(IEnumerable<(string Kid, ReadOnlyMemory<byte> PublicKey)> keys)
    {
        entries = [.. keys.Select(key => Entry.Of(key.Kid, key.PublicKey))];
        if (entries.Length > MaxKeys)
        {
            throw new ArgumentException($"At most {MaxKeys} verification keys.", nameof(keys));
        }

        if (entries.DistinctBy(entry => Convert.ToHexString(entry.Kid), StringComparer.Ordinal).Count() != entries.Length)
        {
            throw new ArgumentException("The same kid names two keys.", nameof(keys));
        }
    }

    public int Count => entries.Length;

    public bool TryFind(ReadOnlySpan<byte> kidUtf8, out ReadOnlyMemory<byte> publicKey)
    {
        foreach (var entry in entries)
        {
            if (kidUtf8.SequenceEqual(entry.Kid))
            {
                publicKey = entry.PublicKey;
                return true;
            }
        }

        publicKey = default;
        return false;
    }

    private sealed record Entry(byte[] Kid, ReadOnlyMemory<byte> PublicKey)
    {
        public static Entry Of(string kid, ReadOnlyMemory<byte> publicKey)
        {
            SigningKey.CheckKid(kid);
            // A small-order key would accept one signature for every message.
            if (!Ed25519.IsPublicKey(publicKey.Span))
            {
                throw new ArgumentException($"Key {kid} is no acceptable Ed25519 public key.", nameof(publicKey));
            }

            return new Entry(Encoding.UTF8.GetBytes(kid), publicKey.ToArray());
        }
    }
}
