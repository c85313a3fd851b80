using System.Text;

namespace Mana.Protocols.Passwords;

/// <summary>A password as bytes.</summary>
internal static class PasswordText
{
    /// <summary>In UTF-16 units; far above any policy, so that nobody can make normalisation expensive.</summary>
    public const int MaxLength = 4096;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>UTF-8 of the NFKC form, so that every keyboard's way to write a letter gives the same hash.</summary>
    /// <exception cref="ArgumentException">A lone surrogate, or too long.</exception>
    public static byte[] Normalised(string password) => Strict.GetBytes(Bounded(password).Normalize(NormalizationForm.FormKC));

    /// <summary>UTF-8 as typed, for imported hashes whose makers did not normalise.</summary>
    /// <exception cref="ArgumentException">A lone surrogate, or too long.</exception>
    public static byte[] AsTyped(string password) => Strict.GetBytes(Bounded(password));

    private static string Bounded(string password) =>
        password.Length <= MaxLength
            ? password
            : throw new ArgumentException($"A password has at most {MaxLength} characters.", nameof(password));
}
