using System.Buffers;
using System.Security.Cryptography;
using System.Text;

namespace Mana.Protocols.Sealing;

/// <summary>One key per purpose out of one root (RFC 5869), so that no key serves two algorithms or two tables.</summary>
internal static class Purposes
{
    public const int KeyLength = 32;
    private const int MaxNameLength = 64;

    private static readonly SearchValues<char> NameLetters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");

    /// <summary>HKDF-SHA256 with info <c>mana/&lt;purpose&gt;/v1</c>.</summary>
    public static void Derive(ReadOnlySpan<byte> root, ReadOnlySpan<byte> salt, string purpose, Span<byte> key)
    {
        if (purpose.Length is 0 or > MaxNameLength || purpose.AsSpan().ContainsAnyExcept(NameLetters))
        {
            throw new ArgumentException("A purpose is a short name of [a-z0-9-].", nameof(purpose));
        }

        HKDF.DeriveKey(HashAlgorithmName.SHA256, root, key, salt, Encoding.ASCII.GetBytes($"mana/{purpose}/v1"));
    }
}
