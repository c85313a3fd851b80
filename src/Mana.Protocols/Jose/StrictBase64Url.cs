using System.Buffers;
using System.Buffers.Text;

namespace Mana.Protocols.Jose;

/// <summary>
/// base64url as RFC 7515 section 2 means it. The framework's decoder is lenient (blanks, padding, loose trailing bits), so one
/// value has many spellings there; here it has exactly one.
/// </summary>
public static class StrictBase64Url
{
    private static readonly SearchValues<byte> Alphabet = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"u8
    );

    /// <summary>False when any character is outside the alphabet, a length is impossible, spare bits are set or the output is too small.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> text, Span<byte> output, out int written)
    {
        written = 0;
        if (text.ContainsAnyExcept(Alphabet) || text.Length % 4 == 1 || output.Length < Base64Url.GetMaxDecodedLength(text.Length))
        {
            return false;
        }

        return SpareBitsAreZero(text) && Base64Url.TryDecodeFromUtf8(text, output, out written);
    }

    private static bool SpareBitsAreZero(ReadOnlySpan<byte> text)
    {
        var spareMask = (text.Length % 4) switch
        {
            2 => 0b1111,
            3 => 0b0011,
            _ => 0,
        };
        return spareMask == 0 || (ValueOf(text[^1]) & spareMask) == 0;
    }

    private static int ValueOf(byte letter) =>
        letter switch
        {
            >= (byte)'A' and <= (byte)'Z' => letter - 'A',
            >= (byte)'a' and <= (byte)'z' => letter - 'a' + 26,
            >= (byte)'0' and <= (byte)'9' => letter - '0' + 52,
            (byte)'-' => 62,
            _ => 63,
        };
}
