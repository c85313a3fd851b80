using System.Security.Cryptography;
using System.Text;
using Mana.Protocols.Sodium;

namespace Mana.Protocols.Passwords;

/// <summary>Better Auth's <c>saltHex:keyHex</c> (wire 3.2): N=16384, r=16, p=1; the salt is the hex text itself, not what it encodes.</summary>
internal sealed record BetterAuthScrypt(string SaltText, byte[] Key)
{
    private const int SaltTextLength = 32;
    private const int KeyLength = 64;

    public static BetterAuthScrypt? Parse(string stored)
    {
        if (stored.Length != SaltTextLength + 1 + (2 * KeyLength) || stored[SaltTextLength] != ':')
        {
            return null;
        }

        var salt = stored[..SaltTextLength];
        var key = stored[(SaltTextLength + 1)..];
        return salt.All(char.IsAsciiHexDigit) && key.All(char.IsAsciiHexDigit)
            ? new BetterAuthScrypt(salt, Convert.FromHexString(key))
            : null;
    }

    public PasswordFormat Format()
    {
        var decoy =
            $"{RandomNumberGenerator.GetHexString(SaltTextLength, lowercase: true)}:{RandomNumberGenerator.GetHexString(2 * KeyLength, lowercase: true)}";

        // Salts begin with any digit, and other formats lie between 9 and a.
        return new PasswordFormat("scrypt", decoy, (char.IsAsciiDigit(SaltText[0]) ? "9" : "f") + PasswordFormat.Last);
    }

    /// <exception cref="ArgumentException">The password is no text.</exception>
    public bool Matches(string password)
    {
        var bytes = PasswordText.Normalised(password);
        Span<byte> derived = stackalloc byte[KeyLength];
        try
        {
            Scrypt.Derive(bytes, Encoding.ASCII.GetBytes(SaltText), n: 16384, r: 16, p: 1, derived);
            return ConstantTime.Equal(derived, Key);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bytes);
            CryptographicOperations.ZeroMemory(derived);
        }
    }
}
