using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Unicode;
using Microsoft.AspNetCore.WebUtilities;

namespace Mana.Platform.Http;

/// <summary>
/// A form posted to one of the two wire endpoints that take one beside JSON (section 1.3), read as strictly as a JSON body (D8). Every
/// value is text, so a form cannot say <c>rememberMe</c>.
/// </summary>
public static class WireForm
{
    public const string MediaType = "application/x-www-form-urlencoded";

    private const int FieldsMax = 32;

    private const int NameLengthMax = 64;

    private static readonly Refusal Invalid = Refusals.InvalidJson with
    {
        Message = "Invalid form in request body",
        BetterAuth = new("BAD_REQUEST", "Invalid form in request body"),
    };

    public static bool IsSentBy(HttpRequest request) =>
        MediaType.Equals(request.ContentType?.Split(';')[0].Trim(), StringComparison.OrdinalIgnoreCase);

    /// <returns>The fields as the JSON object they stand for; null when there is no body.</returns>
    public static async ValueTask<Outcome<JsonElement?>> Read(HttpContext http)
    {
        var read = await BodyBytes.Read(http);
        if (read.IsRefused)
        {
            return read.Refusal!;
        }

        if (read.Value.Length == 0)
        {
            return (JsonElement?)null;
        }

        return Utf8.IsValid(read.Value) && Parse(read.Value) is { } fields ? fields : Invalid;
    }

    private static JsonElement? Parse(byte[] bytes)
    {
        using var reader = new FormReader(new MemoryStream(bytes))
        {
            ValueCountLimit = FieldsMax,
            KeyLengthLimit = NameLengthMax,
            ValueLengthLimit = BodyBytes.Max,
        };
        var fields = new JsonObject();
        try
        {
            foreach (var (name, values) in reader.ReadForm())
            {
                if (values is not [{ } only] || only.Contains('\0', StringComparison.Ordinal) || !fields.TryAdd(name, only))
                {
                    return null; // twice, and nobody can say which one was meant
                }
            }
        }
        catch (InvalidDataException)
        {
            return null; // more or longer fields than any form of ours has
        }

        return JsonSerializer.SerializeToElement(fields);
    }
}
