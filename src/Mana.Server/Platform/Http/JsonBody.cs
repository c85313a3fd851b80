using System.Buffers;
using System.Text.Json;
using System.Text.Unicode;

namespace Mana.Platform.Http;

/// <summary>
/// Reads a request body strictly (D8): at most 100 kB, depth 16, valid UTF-8, no duplicate members, no comments, no U+0000 and no
/// lone surrogate anywhere, so that nothing PostgreSQL would choke on gets further.
/// </summary>
public static class JsonBody
{
    private const int BytesMax = 100 * 1024;

    private const int DepthMax = 16;

    private static readonly JsonDocumentOptions Strict = new()
    {
        AllowDuplicateProperties = false,
        AllowTrailingCommas = false,
        CommentHandling = JsonCommentHandling.Disallow,
        MaxDepth = DepthMax,
    };

    /// <returns>The parsed body; null when there is none.</returns>
    public static async ValueTask<Outcome<JsonElement?>> Read(HttpContext http)
    {
        var request = http.Request;
        if (request.ContentLength > BytesMax)
        {
            return Refusals.PayloadTooLarge;
        }

        if (request.Headers.ContentEncoding.Count > 0)
        {
            return Refusals.UnsupportedEncoding;
        }

        var read = await Bytes(http);
        if (read.IsRefused)
        {
            return read.Refusal!;
        }

        var bytes = read.Value;
        if (bytes.Length == 0)
        {
            return (JsonElement?)null;
        }

        if (!IsJson(request.ContentType))
        {
            return Unsupported(http);
        }

        return Parse(bytes) is { } element ? element : Refusals.InvalidJson;
    }

    private static bool IsJson(string? contentType)
    {
        if (contentType is null)
        {
            return false;
        }

        var parts = contentType.Split(';', StringSplitOptions.TrimEntries);

        return parts[0].Equals("application/json", StringComparison.OrdinalIgnoreCase)
            && parts.Skip(1).All(part => !part.StartsWith("charset=", StringComparison.OrdinalIgnoreCase) || IsUtf8(part));
    }

    private static bool IsUtf8(string charset) =>
        charset["charset=".Length..].Trim('"').Equals("utf-8", StringComparison.OrdinalIgnoreCase);

    private static Refusal Unsupported(HttpContext http)
    {
        var type = http.Request.ContentType;
        var wire = type is null
            ? "Content-Type is required. Allowed types: application/json"
            : $"Content-Type \"{type}\" is not allowed. Allowed types: application/json";

        return Refusals.UnsupportedMediaType with
        {
            BetterAuth = new("UNSUPPORTED_MEDIA_TYPE", wire),
        };
    }

    // The length a client announces may be missing or a lie, so the bytes are counted as they arrive.
    private static async ValueTask<Outcome<byte[]>> Bytes(HttpContext http)
    {
        var reader = http.Request.BodyReader;
        while (true)
        {
            var result = await reader.ReadAsync(http.RequestAborted);
            var buffer = result.Buffer;
            if (buffer.Length > BytesMax)
            {
                reader.AdvanceTo(buffer.End);
                return Refusals.PayloadTooLarge;
            }

            if (result.IsCompleted)
            {
                var bytes = buffer.ToArray();
                reader.AdvanceTo(buffer.End);
                return bytes;
            }

            reader.AdvanceTo(buffer.Start, buffer.End);
        }
    }

    private static JsonElement? Parse(byte[] bytes)
    {
        if (!Utf8.IsValid(bytes))
        {
            return null;
        }

        try
        {
            if (!HasOnlyStorableText(bytes))
            {
                return null;
            }

            using var document = JsonDocument.Parse(bytes, Strict);

            return document.RootElement.Clone();
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
