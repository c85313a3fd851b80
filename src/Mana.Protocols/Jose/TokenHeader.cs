using System.Text.Json;

namespace Mana.Protocols.Jose;

/// <summary>The protected header: exactly <c>alg</c>, <c>typ</c> and <c>kid</c>, so nothing can point elsewhere for a key (<c>jwk</c>, <c>jku</c>, <c>x5c</c>, <c>crit</c>, <c>zip</c>, …).</summary>
internal static class TokenHeader
{
    private const int AllThree = 0b111;

    /// <summary>True when the header is ours; writes the kid's UTF-8 bytes.</summary>
    public static bool TryRead(ReadOnlySpan<byte> json, Span<byte> kid, out int kidLength)
    {
        kidLength = 0;
        try
        {
            return Read(json, kid, out kidLength);
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException or ArgumentException)
        {
            // The reader's way to say: no JSON, no UTF-8, an escaped lone surrogate, or a kid longer than any of ours.
            return false;
        }
    }

    private static bool Read(ReadOnlySpan<byte> json, Span<byte> kid, out int kidLength)
    {
        kidLength = 0;
        var seen = 0;
        var reader = new Utf8JsonReader(json);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            return false;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var member = MemberOf(ref reader);
            if (member == 0 || (seen & member) != 0 || !reader.Read() || reader.TokenType != JsonTokenType.String)
            {
                return false;
            }

            seen |= member;
            switch (member)
            {
                case 1 when !reader.ValueTextEquals("EdDSA"u8):
                case 2 when !reader.ValueTextEquals("JWT"u8):
                    return false;
                case 4:
                    kidLength = reader.CopyString(kid);
                    break;
                default:
                    break;
            }
        }

        return seen == AllThree && reader.TokenType == JsonTokenType.EndObject && !reader.Read();
    }

    private static int MemberOf(ref Utf8JsonReader reader) =>
        reader.ValueTextEquals("alg"u8) ? 1
        : reader.ValueTextEquals("typ"u8) ? 2
        : reader.ValueTextEquals("kid"u8) ? 4
        : 0;
}
