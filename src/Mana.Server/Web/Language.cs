using System.Globalization;
using Microsoft.Net.Http.Headers;

namespace Mana.Web;

/// <summary>The languages pages speak.</summary>
public enum Language
{
    English,
    German,
}

public static class Languages
{
    /// <summary>The one the browser prefers; English when it asks for neither.</summary>
    public static Language Of(HttpRequest request)
    {
        const int entriesMax = 16;
        var asked = request.GetTypedHeaders().AcceptLanguage.Take(entriesMax).OrderByDescending(entry => entry.Quality ?? 1);

        return asked.Select(Known).FirstOrDefault(language => language is not null) ?? Language.English;
    }

    /// <summary>For the <c>lang</c> attribute.</summary>
    public static string Code(this Language language) => language == Language.German ? "de" : "en";

    /// <summary>A day as people write it. The time of day would be ours and not the visitor's, so it is left out.</summary>
    public static string Day(this Language language, DateTimeOffset moment) =>
        language == Language.German
            ? moment.ToString("d. MMMM yyyy", CultureInfo.GetCultureInfo("de-DE"))
            : moment.ToString("d MMMM yyyy", CultureInfo.GetCultureInfo("en-GB"));

    private static Language? Known(StringWithQualityHeaderValue entry) =>
        entry.Quality == 0 ? null
        : Is(entry, "de") ? Language.German
        : Is(entry, "en") ? Language.English
        : null;

    private static bool Is(StringWithQualityHeaderValue entry, string code) =>
        entry.Value.Equals(code, StringComparison.OrdinalIgnoreCase)
        || entry.Value.StartsWith(code + "-", StringComparison.OrdinalIgnoreCase);
}
