using System.Text;

namespace Mana.Platform.Http;

/// <summary>Targets of redirects, already checked by <see cref="TrustedOrigins"/>.</summary>
public static class Redirects
{
    /// <summary>Kestrel refuses other than ASCII in a header, so the rest is percent-encoded: /ä becomes /%C3%A4 (wire section 18).</summary>
    public static string Encode(string target)
    {
        var text = new StringBuilder(target.Length);
        foreach (var rune in target.EnumerateRunes())
        {
            text.Append(rune.IsAscii && rune.Value > ' ' ? rune.ToString() : Uri.EscapeDataString(rune.ToString()));
        }

        return text.ToString();
    }

    /// <summary>Appends a query parameter before the fragment, as the wire does for mail links (section 1.7).</summary>
    public static string With(string target, string name, string value)
    {
        var hash = target.IndexOf('#', StringComparison.Ordinal);
        var (address, fragment) = hash < 0 ? (target, "") : (target[..hash], target[hash..]);
        var joint = address.Contains('?', StringComparison.Ordinal) ? '&' : '?';

        return $"{address}{joint}{name}={Uri.EscapeDataString(value)}{fragment}";
    }

    /// <summary>
    /// Sets a query parameter as a URL object of a browser does, which two other routes of the wire use (section 1.7): a relative target
    /// becomes absolute, a parameter of that name is replaced, and the query is written anew as a form.
    /// </summary>
    /// <param name="origin">Of the service, for relative targets.</param>
    public static string Set(string origin, string target, string name, string value)
    {
        var absolute = Absolute(target[0] == '/' ? origin + target : target);
        var (address, fragment) = Split(absolute, '#');
        var (path, query) = Split(address, '?');
        var pairs = query
            .TrimStart('?')
            .Split('&', StringSplitOptions.RemoveEmptyEntries)
            .Select(pair => Split(pair, '='))
            .Select(pair => (Name: FormText(pair.Start), Value: FormText(pair.End.Length > 0 ? pair.End[1..] : "")))
            .ToList();
        var first = pairs.FindIndex(pair => pair.Name == name);
        pairs.RemoveAll(pair => pair.Name == name);
        pairs.Insert(first < 0 ? pairs.Count : first, (name, value));

        return $"{path}?{string.Join('&', pairs.Select(pair => $"{FormEncoded(pair.Name)}={FormEncoded(pair.Value)}"))}{fragment}";
    }

    // Schemes of apps have no rules of their own here, and stay as they were written.
    private static string Absolute(string target) =>
        Uri.TryCreate(target, UriKind.Absolute, out var address) && OriginPattern.IsWeb(address.Scheme) ? address.AbsoluteUri : target;

    private static (string Start, string End) Split(string text, char separator)
    {
        var at = text.IndexOf(separator, StringComparison.Ordinal);

        return at < 0 ? (text, "") : (text[..at], text[at..]);
    }

    private static string FormText(string encoded) => Uri.UnescapeDataString(encoded.Replace('+', ' '));

    // application/x-www-form-urlencoded as browsers write it: letters, digits and *-._ stay, a blank is a plus.
    private static string FormEncoded(string text) =>
        Uri.EscapeDataString(text)
            .Replace("%20", "+", StringComparison.Ordinal)
            .Replace("%2A", "*", StringComparison.Ordinal)
            .Replace("~", "%7E", StringComparison.Ordinal);
}
