using System.Buffers;
using System.Globalization;
using System.Text;

namespace Mana.Protocols.Cookies;

/// <summary>Percent-encoding with JavaScript's rules; .NET's own encoder also escapes <c>!*'()</c>, which shows in byte-exact cookies.</summary>
internal static class PercentText
{
    private static readonly SearchValues<char> Unescaped = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.!~*'()"
    );

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>As <c>encodeURIComponent</c>.</summary>
    /// <exception cref="ArgumentException">A lone surrogate.</exception>
    public static string Encode(string value)
    {
        if (!value.AsSpan().ContainsAnyExcept(Unescaped))
        {
            return value;
        }

        var text = new StringBuilder(value.Length + 16);
        foreach (var letter in Strict.GetBytes(value))
        {
            if (Unescaped.Contains((char)letter))
            {
                text.Append((char)letter);
            }
            else
            {
                text.Append('%').Append(letter.ToString("X2", CultureInfo.InvariantCulture));
            }
        }

        return text.ToString();
    }

    /// <summary>As <c>decodeURIComponent</c>; a value that is not properly encoded is taken as it stands.</summary>
    public static string Decode(string value)
    {
        if (!value.Contains('%', StringComparison.Ordinal))
        {
            return value;
        }

        try
        {
            var bytes = Strict.GetBytes(value);
            return TryUnescape(bytes, out var length) ? Strict.GetString(bytes, 0, length) : value;
        }
        catch (ArgumentException)
        {
            return value;
        }
    }

    private static bool TryUnescape(Span<byte> bytes, out int length)
    {
        length = 0;
        for (var i = 0; i < bytes.Length; i++)
        {
            if (bytes[i] != (byte)'%')
            {
                bytes[length++] = bytes[i];
            }
            else if (i + 2 < bytes.Length && char.IsAsciiHexDigit((char)bytes[i + 1]) && char.IsAsciiHexDigit((char)bytes[i + 2]))
            {
                _ = Convert.FromHexString(bytes.Slice(i + 1, 2), bytes.Slice(length++, 1), out _, out _);
                i += 2;
            }
            else
            {
                return false;
            }
        }

        return true;
    }
}
