using System.Security.Cryptography;

namespace Mana.Protocols.Sealing;

/// <summary>Random text without modulo bias, for row ids and for secrets the Better Auth wire shapes.</summary>
public static class RandomText
{
    public const int MaxLength = 1024;

    private const string Letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

    /// <summary>Characters of <c>[a-zA-Z0-9]</c>, 5.95 bits each.</summary>
    public static string Alphanumeric(int length)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, MaxLength);
        return RandomNumberGenerator.GetString(Letters, length);
    }
}
