using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Mana.Platform.Http;

/// <summary>How answers are written: camelCase, explicit nulls, unescaped like JSON.stringify, dates with three fraction digits.</summary>
public static class WireJson
{
    public static readonly JsonSerializerOptions Options = Create();

    private const string InstantFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    /// <summary>An instant where an answer has text for it.</summary>
    public static string Text(DateTimeOffset instant) => instant.UtcDateTime.ToString(InstantFormat, CultureInfo.InvariantCulture);

    private static JsonSerializerOptions Create()
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web)
        {
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            NumberHandling = JsonNumberHandling.Strict,
            Converters = { new InstantConverter() },
        };
        options.MakeReadOnly(populateMissingResolver: true);

        return options;
    }

    /// <summary>The client's date reviver misreads more than three fraction digits (wire section 1.6), so there are always three.</summary>
    private sealed class InstantConverter : JsonConverter<DateTimeOffset>
    {
        private const int Length = 24;

        public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.GetDateTimeOffset();

        public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options)
        {
            Span<char> text = stackalloc char[Length];
            Invariant.Holds(value.UtcDateTime.TryFormat(text, out _, InstantFormat, CultureInfo.InvariantCulture));
            writer.WriteStringValue(text);
        }
    }
}
