using System.Text;

namespace Mana.Protocols.Sodium;

/// <summary>Argon2id version 1.3 with one lane (RFC 9106).</summary>
public static class Argon2id
{
    public const int SaltLength = 16;
    public const int MinimumMemoryKib = 8;
    public const int MinimumOutputLength = 16;

    /// <summary>Fills <paramref name="output"/> (at least 16 bytes). The memory is libsodium's own, outside the garbage collector.</summary>
    /// <exception cref="InvalidOperationException">The memory could not be had.</exception>
    public static void Derive(ReadOnlySpan<byte> password, ReadOnlySpan<byte> salt16, int memoryKib, int passes, Span<byte> output)
    {
        if (salt16.Length != SaltLength)
        {
            throw new ArgumentException("libsodium's Argon2id takes a salt of 16 bytes.", nameof(salt16));
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(memoryKib, MinimumMemoryKib);
        ArgumentOutOfRangeException.ThrowIfLessThan(passes, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(output.Length, MinimumOutputLength, nameof(output));
        Libsodium.Ready();
        var failed = Libsodium.crypto_pwhash(
            output,
            (ulong)output.Length,
            password,
            (ulong)password.Length,
            salt16,
            (ulong)passes,
            (nuint)memoryKib * 1024,
            Libsodium.Argon2idAlgorithm
        );
        if (failed != 0)
        {
            throw new InvalidOperationException("Argon2id did not get its memory.");
        }
    }

    /// <summary>
    /// Checks a PHC string, whatever its salt length, tag length and lanes, in constant time; false also without memory. The caller has bounded the costs
    /// in it: libsodium would obey any.
    /// </summary>
    internal static bool Matches(string phc, ReadOnlySpan<byte> password)
    {
        Libsodium.Ready();
        return Libsodium.crypto_pwhash_argon2id_str_verify(Encoding.ASCII.GetBytes(phc + '\0'), password, (ulong)password.Length) == 0;
    }
}
