using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using Mana.Protocols.Sodium;

namespace Mana.Protocols.Passwords;

/// <summary>
/// An imported hash of ASP.NET Core Identity, version 3: base64 of 0x01, then PRF, iterations and salt length as big-endian 32-bit
/// numbers, then salt and PBKDF2 subkey.
/// </summary>
internal sealed record IdentityV3(string Text, HashAlgorithmName Prf, int Iterations, byte[] Salt, byte[] Subkey)
{
    private const byte Marker = 0x01;
    private const int HeaderLength = 13;
    private const int MinBinaryLength = 16;
    private const int MaxBinaryLength = 64;
    private const int MaxIterations = 2_000_000;

    public static IdentityV3? Parse(string stored)
    {
        Span<byte> bytes = stackalloc byte[HeaderLength + (2 * MaxBinaryLength)];
        if (!Convert.TryFromBase64String(stored, bytes, out var length) || length < HeaderLength || bytes[0] != Marker)
        {
            return null;
        }

        var iterations = BinaryPrimitives.ReadUInt32BigEndian(bytes[5..]);
        var saltLength = BinaryPrimitives.ReadUInt32BigEndian(bytes[9..]);
        var rest = bytes[HeaderLength..length];
        if (
            iterations is 0 or > MaxIterations
            || saltLength is < MinBinaryLength or > MaxBinaryLength
            || rest.Length < saltLength + MinBinaryLength
        )
        {
            return null;
        }

        var salt = rest[..(int)saltLength];
        var subkey = rest[(int)saltLength..];
        return subkey.Length <= MaxBinaryLength && PrfOf(BinaryPrimitives.ReadUInt32BigEndian(bytes[1..])) is { } prf
            ? new IdentityV3(stored, prf, (int)iterations, salt.ToArray(), subkey.ToArray())
            : null;
    }

    public PasswordFormat Format()
    {
        // The first nine bytes, marker, PRF and iterations, are twelve letters of base64.
        const int headTextLength = 12;
        var bytes = Convert.FromBase64String(Text);
        RandomNumberGenerator.Fill(bytes.AsSpan(HeaderLength));
        var name = string.Create(CultureInfo.InvariantCulture, $"pbkdf2 {Prf.Name} {Iterations} {Subkey.Length}");

        return new PasswordFormat(name, Convert.ToBase64String(bytes), Text[..headTextLength] + PasswordFormat.Last);
    }

    /// <exception cref="ArgumentException">The password is no text.</exception>
    public bool Matches(string password)
    {
        var bytes = PasswordText.AsTyped(password);
        Span<byte> derived = stackalloc byte[MaxBinaryLength];
        derived = derived[..Subkey.Length];
        try
        {
            Rfc2898DeriveBytes.Pbkdf2(bytes, Salt, derived, Iterations, Prf);
            return ConstantTime.Equal(derived, Subkey);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bytes);
            CryptographicOperations.ZeroMemory(derived);
        }
    }

    private static HashAlgorithmName? PrfOf(uint number) =>
        number switch
        {
            0 => HashAlgorithmName.SHA1,
            1 => HashAlgorithmName.SHA256,
            2 => HashAlgorithmName.SHA512,
            _ => null,
        };
}
