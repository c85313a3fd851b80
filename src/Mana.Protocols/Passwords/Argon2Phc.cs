using System.Globalization;
using System.Security.Cryptography;
using Mana.Protocols.Sodium;

namespace Mana.Protocols.Passwords;

/// <summary>An Argon2id hash as a PHC string.</summary>
internal sealed record Argon2Phc(string Text, int MemoryKib, int Passes, int Lanes, byte[] Salt, byte[] Tag)
{
    private const int OwnTagLength = 32;
    private const int MaxTextLength = 512;
    private const int MaxLanes = 64;
    private const int MinSaltLength = 8;
    private const int MaxBinaryLength = 64;

    public static string Create(string password, Argon2Cost cost)
    {
        var bytes = PasswordText.Normalised(password);
        Span<byte> salt = stackalloc byte[Argon2id.SaltLength];
        Span<byte> tag = stackalloc byte[OwnTagLength];
        try
        {
            RandomNumberGenerator.Fill(salt);
            Argon2id.Derive(bytes, salt, cost.MemoryKib, cost.Passes, tag);
            return string.Create(
                CultureInfo.InvariantCulture,
                $"$argon2id$v=19$m={cost.MemoryKib},t={cost.Passes},p=1${Unpadded(salt)}${Unpadded(tag)}"
            );
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bytes);
            CryptographicOperations.ZeroMemory(tag);
        }
    }

    /// <summary>Null when it is no such string or asks for more than the bounds allow.</summary>
    public static Argon2Phc? Parse(string stored)
    {
        if (
            stored.Length > MaxTextLength
            || stored.Split('$') is not ["", "argon2id", "v=19", var costs, var salt, var tag]
            || costs.Split(',') is not [var m, var t, var p]
        )
        {
            return null;
        }

        var memory = NumberAfter("m=", m);
        var passes = NumberAfter("t=", t);
        var lanes = NumberAfter("p=", p);
        var bounded =
            memory is >= Argon2id.MinimumMemoryKib and <= Argon2Cost.MaxMemoryKib
            && passes is >= 1 and <= Argon2Cost.MaxPasses
            && lanes is >= 1 and <= MaxLanes;
        return
            bounded
            && Decoded(salt) is { Length: >= MinSaltLength and <= MaxBinaryLength } saltBytes
            && Decoded(tag) is { Length: >= Argon2id.MinimumOutputLength and <= MaxBinaryLength } tagBytes
            ? new Argon2Phc(stored, memory, passes, lanes, saltBytes, tagBytes)
            : null;
    }

    public bool IsMadeWith(Argon2Cost cost) =>
        MemoryKib == cost.MemoryKib
        && Passes == cost.Passes
        && Lanes == 1
        && Salt.Length >= Argon2id.SaltLength
        && Tag.Length >= OwnTagLength;

    public static PasswordFormat FormatOf(Argon2Cost cost) => FormatOf(cost.MemoryKib, cost.Passes, 1, Argon2id.SaltLength, OwnTagLength);

    public PasswordFormat Format() => FormatOf(MemoryKib, Passes, Lanes, Salt.Length, Tag.Length);

    /// <exception cref="ArgumentException">The password is no text.</exception>
    /// <exception cref="InvalidOperationException">No memory: that must not look like a wrong password.</exception>
    public bool Matches(string password)
    {
        var bytes = PasswordText.Normalised(password);
        var derived = new byte[Tag.Length];
        try
        {
            if (Lanes != 1 || Salt.Length != Argon2id.SaltLength)
            {
                return Argon2id.Matches(Text, bytes);
            }

            Argon2id.Derive(bytes, Salt, MemoryKib, Passes, derived);
            return ConstantTime.Equal(derived, Tag);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bytes);
            CryptographicOperations.ZeroMemory(derived);
        }
    }

    private static PasswordFormat FormatOf(int memoryKib, int passes, int lanes, int saltLength, int tagLength)
    {
        var costs = string.Create(CultureInfo.InvariantCulture, $"m={memoryKib},t={passes},p={lanes}");
        var (salt, tag) = (RandomNumberGenerator.GetBytes(saltLength), RandomNumberGenerator.GetBytes(tagLength));
        var head = $"$argon2id$v=19${costs}$";

        return new PasswordFormat($"argon2id {costs}", $"{head}{Unpadded(salt)}${Unpadded(tag)}", head + PasswordFormat.Last);
    }

    private static string Unpadded(ReadOnlySpan<byte> bytes) => Convert.ToBase64String(bytes).TrimEnd('=');

    private static int NumberAfter(string name, string text)
    {
        var digits = text.StartsWith(name, StringComparison.Ordinal) ? text.AsSpan(name.Length) : [];
        // A leading zero would be a second spelling of the same cost.
        return
            digits is ['1' or '2' or '3' or '4' or '5' or '6' or '7' or '8' or '9', ..]
            && int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var value)
            ? value
            : -1;
    }

    /// <summary>Unpadded standard base64 in its one spelling, or null.</summary>
    private static byte[]? Decoded(string text)
    {
        Span<byte> bytes = stackalloc byte[MaxTextLength];
        var padded = text.PadRight((text.Length + 3) / 4 * 4, '=');
        return Convert.TryFromBase64String(padded, bytes, out var length) && Unpadded(bytes[..length]) == text
            ? bytes[..length].ToArray()
            : null;
    }
}
