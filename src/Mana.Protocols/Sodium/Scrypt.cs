using System.Numerics;

namespace Mana.Protocols.Sodium;

/// <summary>scrypt (RFC 7914). Needs 128·n·r bytes, taken outside the garbage collector.</summary>
public static class Scrypt
{
    /// <summary>Fills <paramref name="output"/>.</summary>
    /// <param name="n">A power of two above 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">Impossible costs.</exception>
    /// <exception cref="InvalidOperationException">The memory could not be had.</exception>
    public static void Derive(ReadOnlySpan<byte> password, ReadOnlySpan<byte> salt, int n, int r, int p, Span<byte> output)
    {
        if (!BitOperations.IsPow2(n) || n < 2)
        {
            throw new ArgumentOutOfRangeException(nameof(n), n, "A power of two above 1.");
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(r, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(p, 1);
        Libsodium.Ready();
        var failed = Libsodium.crypto_pwhash_scryptsalsa208sha256_ll(
            password,
            (nuint)password.Length,
            salt,
            (nuint)salt.Length,
            (ulong)n,
            (uint)r,
            (uint)p,
            output,
            (nuint)output.Length
        );
        if (failed != 0)
        {
            throw new InvalidOperationException("scrypt did not get its memory.");
        }
    }
}
