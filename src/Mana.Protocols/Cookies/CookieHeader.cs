namespace Mana.Protocols.Cookies;

/// <summary>
/// Reads a Cookie header by hand, because the framework's reader gives up on what it dislikes: here one malformed cookie never
/// discards the others. Values come back as they stand (percent-encoded or quoted).
/// </summary>
public static class CookieHeader
{
    /// <summary>Above what any server lets in; a longer header counts as none.</summary>
    public const int MaxLength = 64 * 1024;

    /// <summary>The first value of that name (case-sensitive), or null.</summary>
    public static string? First(string? header, string name)
    {
        var rest = Readable(header);
        while (TryNext(ref rest, out var key, out var value))
        {
            if (key.SequenceEqual(name))
            {
                return value.ToString();
            }
        }

        return null;
    }

    /// <summary>Every value of that name, in order.</summary>
    public static IEnumerable<string> All(string? header, string name)
    {
        var values = new List<string>();
        var rest = Readable(header);
        while (TryNext(ref rest, out var key, out var value))
        {
            if (key.SequenceEqual(name))
            {
                values.Add(value.ToString());
            }
        }

        return values;
    }

    /// <summary>Every cookie whose name begins so, in order.</summary>
    public static IReadOnlyList<(string Name, string Value)> Beginning(string? header, string prefix)
    {
        var cookies = new List<(string Name, string Value)>();
        var rest = Readable(header);
        while (TryNext(ref rest, out var key, out var value))
        {
            if (key.StartsWith(prefix, StringComparison.Ordinal))
            {
                cookies.Add((key.ToString(), value.ToString()));
            }
        }

        return cookies;
    }

    private static ReadOnlySpan<char> Readable(string? header) => header is null || header.Length > MaxLength ? [] : header;

    private static bool TryNext(ref ReadOnlySpan<char> rest, out ReadOnlySpan<char> key, out ReadOnlySpan<char> value)
    {
        key = value = default;
        while (!rest.IsEmpty)
        {
            var end = rest.IndexOf(';');
            var pair = end < 0 ? rest : rest[..end];
            rest = end < 0 ? [] : rest[(end + 1)..];
            var equals = pair.IndexOf('=');
            if (equals < 0)
            {
                continue;
            }

            key = pair[..equals].Trim(" \t");
            value = pair[(equals + 1)..].Trim(" \t");
            return true;
        }

        return false;
    }
}
