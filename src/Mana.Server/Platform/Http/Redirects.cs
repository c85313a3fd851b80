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
}
