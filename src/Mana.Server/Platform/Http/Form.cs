using System.Text.Unicode;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;

namespace Mana.Platform.Http;

/// <summary>The fields a page posted. Read only by the guard of routes whose door asks for them.</summary>
public sealed class Form(IReadOnlyDictionary<string, StringValues> fields) : ICallPart<Form>
{
    private const int FieldsMax = 32;

    private const int NameLengthMax = 64;

    private const string MediaType = "application/x-www-form-urlencoded";

    /// <summary>The text of a field; empty when it is missing, or when it came twice and nobody can say which one was meant.</summary>
    public string Text(string name) => fields.TryGetValue(name, out var values) && values is [{ } only] ? only : "";

    public static Form From(Call call) => call.Form ?? throw new BrokenInvariantException("the route reads no form");

    /// <summary>Reads a posted form as strictly as a JSON body: bounded, valid UTF-8, without U+0000 (D8).</summary>
    public static async ValueTask<Outcome<Form>> Read(HttpContext http)
    {
        var mediaType = http.Request.ContentType?.Split(';')[0].Trim();
        if (!MediaType.Equals(mediaType, StringComparison.OrdinalIgnoreCase))
        {
            return Refusals.UnsupportedMediaType with { Message = $"Content-Type must be {MediaType}" };
        }

        var read = await BodyBytes.Read(http);
        if (read.IsRefused)
        {
            return read.Refusal!;
        }

        return Utf8.IsValid(read.Value) && Parse(read.Value) is { } form ? form : Refusals.Validation;
    }

    private static Form? Parse(byte[] bytes)
    {
        using var reader = new FormReader(new MemoryStream(bytes))
        {
            ValueCountLimit = FieldsMax,
            KeyLengthLimit = NameLengthMax,
            ValueLengthLimit = BodyBytes.Max,
        };
        try
        {
            var fields = reader.ReadForm();

            return fields.Values.Any(values => values.ToString().Contains('\0', StringComparison.Ordinal)) ? null : new Form(fields);
        }
        catch (InvalidDataException)
        {
            return null; // more or longer fields than any form of ours has
        }
    }
}
