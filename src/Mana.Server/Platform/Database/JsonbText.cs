using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Mana.Platform.Database;

/// <summary>
/// A JSON value as PostgreSQL prints a <c>jsonb</c> of it: members by length and then bytes, the last of twins, numbers without exponent. What
/// is hashed before it is stored must be what is read afterwards.
/// </summary>
public static class JsonbText
{
    /// <summary>Digits a number may take when it is written out; <c>1e999999</c> is eight letters of JSON and a megabyte of text.</summary>
    private const int DigitsMax = 1_000;

    /// <returns>Null when the value holds something PostgreSQL does not keep, or a number that is too long.</returns>
    public static string? Of(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var text = new StringBuilder(json.Length + json.Length / 8);

            return Write(document.RootElement, text) ? text.ToString() : null;
        }
        catch (InvalidOperationException)
        {
            return null; // half of a surrogate pair
        }
    }

    private static bool Write(JsonElement value, StringBuilder text)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                return Members(value, text);
            case JsonValueKind.Array:
                return Items(value, text);
            case JsonValueKind.String:
                return Quoted(value.GetString()!, text);
            case JsonValueKind.Number:
                return Number(value.GetRawText(), text);
            default:
                text.Append(value.GetRawText());
                return true;
        }
    }

    private static bool Members(JsonElement value, StringBuilder text)
    {
        var members = new SortedDictionary<string, JsonElement>(LengthFirst.Instance);
        foreach (var member in value.EnumerateObject())
        {
            members[member.Name] = member.Value;
        }

        var isFirst = true;
        text.Append('{');
        foreach (var (name, member) in members)
        {
            text.Append(isFirst ? "" : ", ");
            isFirst = false;
            if (!Quoted(name, text) || !Write(member, text.Append(": ")))
            {
                return false;
            }
        }

        text.Append('}');
        return true;
    }

    private static bool Items(JsonElement value, StringBuilder text)
    {
        var isFirst = true;
        text.Append('[');
        foreach (var item in value.EnumerateArray())
        {
            text.Append(isFirst ? "" : ", ");
            isFirst = false;
            if (!Write(item, text))
            {
                return false;
            }
        }

        text.Append(']');
        return true;
    }

    private static bool Quoted(string value, StringBuilder text)
    {
        text.Append('"');
        foreach (var letter in value)
        {
            _ = letter switch
            {
                '"' => text.Append("\\\""),
                '\\' => text.Append("\\\\"),
                '\b' => text.Append("\\b"),
                '\f' => text.Append("\\f"),
                '\n' => text.Append("\\n"),
                '\r' => text.Append("\\r"),
                '\t' => text.Append("\\t"),
                < ' ' => text.Append(CultureInfo.InvariantCulture, $"\\u{(int)letter:x4}"),
                _ => text.Append(letter),
            };
        }

        text.Append('"');
        return !value.Contains('\0', StringComparison.Ordinal);
    }

    // 1.50 stays 1.50, 1.5e3 becomes 1500, 15e-3 becomes 0.015, and zero has no sign: what numeric makes of them.
    private static bool Number(string raw, StringBuilder text)
    {
        var isNegative = raw[0] == '-';
        var mantissa = raw.AsSpan(isNegative ? 1 : 0);
        var exponent = 0;
        if (mantissa.IndexOfAny('e', 'E') is >= 0 and var at)
        {
            if (!int.TryParse(mantissa[(at + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out exponent))
            {
                return false;
            }

            mantissa = mantissa[..at];
        }

        var point = mantissa.IndexOf('.');
        var whole = point < 0 ? mantissa : mantissa[..point];
        var fraction = point < 0 ? default : mantissa[(point + 1)..];
        if (Math.Abs((long)exponent) + mantissa.Length > DigitsMax)
        {
            return false;
        }

        var digits = string.Concat(whole, fraction);
        var places = whole.Length + exponent;
        var scale = Math.Max(0, fraction.Length - exponent);
        digits = places < 0 ? new string('0', -places) + digits : digits.PadRight(places, '0');
        var (left, right) = (digits[..Math.Max(0, places)].TrimStart('0'), digits[Math.Max(0, places)..]);
        text.Append(isNegative && digits.AsSpan().ContainsAnyExcept('0') ? "-" : "").Append(left.Length == 0 ? "0" : left);
        if (scale > 0)
        {
            text.Append('.').Append(right.PadRight(scale, '0'));
        }

        return true;
    }

    private sealed class LengthFirst : IComparer<string>
    {
        public static readonly LengthFirst Instance = new();

        public int Compare(string? x, string? y)
        {
            var (one, other) = (Encoding.UTF8.GetBytes(x!), Encoding.UTF8.GetBytes(y!));

            return one.Length != other.Length ? one.Length.CompareTo(other.Length) : one.AsSpan().SequenceCompareTo(other);
        }
    }
}
