using System.Text.Json;
using System.Text.Unicode;

namespace Mana.Platform.Http;

/// <summary>
/// Reads a request body strictly (D8): at most 100 kB, depth 16, valid UTF-8, no duplicate members, no comments, no U+0000 and no
/// lone surrogate anywhere, so that nothing PostgreSQL would choke on gets further.
/// </summary>
public static class JsonBody
{
    private const int DepthMax = 16;

    private static readonly JsonDocumentOptions Strict = new()
    {
        AllowDuplicateProperties = false,
        AllowTrailingCommas = false,
        CommentHandling = JsonCommentHandling.Disallow,
        MaxDepth = DepthMax,
    };

    /// <param name="alsoAllowed">Another media type the route takes, to be named where this one is refused.</param>
    /// <param name="mayBeUntyped">
    /// Takes bytes that do not say what they are for no body at all, as the wire does (section 1.3); otherwise they are refused.
    /// </param>
    /// <returns>The parsed body; null when there is none.</returns>
    public static async ValueTask<Outcome<JsonElement?>> Read(HttpContext http, string? alsoAllowed = null, bool mayBeUntyped = false)
    {
        var bytes = await Bytes(http, alsoAllowed, mayBeUntyped);

        return bytes.IsRefused ? bytes.Refusal! : Parse(bytes.Value);
    }

    /// <summary>The bytes of a body that says it is JSON; none when there is no body.</summary>
    public static async ValueTask<Outcome<byte[]>> Bytes(HttpContext http, string? alsoAllowed = null, bool mayBeUntyped = false)
    {
        var read = await BodyBytes.Read(http);
        if (read.IsRefused || read.Value.Length == 0 || IsJson(http.Request.ContentType))
        {
            return read;
        }

        return mayBeUntyped && string.IsNullOrEmpty(http.Request.ContentType) ? Array.Empty<byte>() : Unsupported(http, alsoAllowed);
    }

    /// <returns>The parsed body; null when there are no bytes.</returns>
    public static Outcome<JsonElement?> Parse(byte[] bytes) =>
        bytes.Length == 0 ? (JsonElement?)null
        : ParseStrictly(bytes) is { } element ? element
        : Refusals.InvalidJson;

    private static bool IsJson(string? contentType)
    {
        if (contentType is null or "application/json")
        {
            return contentType is not null;
        }

        var parts = contentType.Split(';', StringSplitOptions.TrimEntries);

        return parts[0].Equals("application/json", StringComparison.OrdinalIgnoreCase)
            && parts.Skip(1).All(part => !part.StartsWith("charset=", StringComparison.OrdinalIgnoreCase) || IsUtf8(part));
    }

    private static bool IsUtf8(string charset) =>
        charset["charset=".Length..].Trim('"').Equals("utf-8", StringComparison.OrdinalIgnoreCase);

    private static Refusal Unsupported(HttpContext http, string? alsoAllowed)
    {
        var type = http.Request.ContentType;
        var allowed = alsoAllowed is null ? "application/json" : $"{alsoAllowed}, application/json";
        var wire = type is null
            ? $"Content-Type is required. Allowed types: {allowed}"
            : $"Content-Type \"{type}\" is not allowed. Allowed types: {allowed}";

        return Refusals.UnsupportedMediaType with
        {
            BetterAuth = new("UNSUPPORTED_MEDIA_TYPE", wire),
        };
    }

    private static JsonElement? ParseStrictly(byte[] bytes)
    {
        if (!Utf8.IsValid(bytes))
        {
            return null;
        }

        try
        {
            // What PostgreSQL cannot store is only ever written with an escape; JSON itself refuses it bare.
            if (bytes.AsSpan().Contains((byte)'\\') && !HasOnlyStorableText(bytes))
            {
                return null;
            }

            return JsonElement.Parse(bytes, Strict);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static bool HasOnlyStorableText(ReadOnlySpan<byte> bytes)
    {
        var reader = new Utf8JsonReader(bytes, new JsonReaderOptions { MaxDepth = DepthMax });
        while (reader.Read())
        {
            if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName && reader.ValueIsEscaped && !IsStorable(ref reader))
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsStorable(ref Utf8JsonReader reader)
    {
        try
        {
            return !reader.GetString()!.Contains('\0', StringComparison.Ordinal);
        }
        catch (InvalidOperationException)
        {
            return false; // a lone surrogate
        }
    }
}
