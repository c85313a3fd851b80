using System.Security.Cryptography;
using System.Text;
using Mana.Protocols.Sodium;

namespace Mana.Protocols.Cookies;

/// <summary>
/// The signed value of a cookie as the Better Auth wire has it (2.4): <c>payload.base64(HMAC-SHA256(secret, payload))</c>, standard
/// alphabet with padding.
/// </summary>
public static class SignedCookie
{
    /// <summary>Browsers keep about 4 kB of a cookie; nothing of ours comes near.</summary>
    public const int MaxLength = 4096;

    private const int MacTextLength = 44;

    /// <summary>The value before <see cref="SetCookie"/> encodes it.</summary>
    public static string Sign(string payload, ReadOnlySpan<byte> secretUtf8) => payload + "." + MacOf(payload, secretUtf8);

    /// <summary>
    /// The payload, or null when the cookie counts as missing. Takes the value as the Cookie header has it: percent-encoded, raw
    /// or in double quotes. Only the canonical spelling of the signature counts.
    /// </summary>
    public static string? Open(string cookieValue, ReadOnlySpan<byte> secretUtf8)
    {
        if (cookieValue.Length > MaxLength)
        {
            return null;
        }

        var value = PercentText.Decode(Unquote(cookieValue));
        var dot = value.LastIndexOf('.');
        if (dot < 1 || value.Length - dot - 1 != MacTextLength || !value.EndsWith('='))
        {
            return null;
        }

        var payload = value[..dot];
        var expected = Encoding.ASCII.GetBytes(MacOf(payload, secretUtf8));
        return ConstantTime.Equal(Encoding.UTF8.GetBytes(value[(dot + 1)..]), expected) ? payload : null;
    }

    private static string Unquote(string value) => value is ['"', .. var inner, '"'] ? inner : value;

    private static string MacOf(string payload, ReadOnlySpan<byte> secretUtf8)
    {
        Span<byte> mac = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(secretUtf8, Encoding.UTF8.GetBytes(payload), mac);
        return Convert.ToBase64String(mac);
    }
}
