using System.Buffers;
using System.IO.Enumeration;

namespace Mana.Platform.Http;

/// <summary>
/// One entry of <c>TRUSTED_ORIGINS</c> (wire section 5.2): an origin, an origin or a host with the wildcards <c>*</c> and <c>?</c>, or the
/// scheme of an app, with an authority and a path if it names them.
/// </summary>
public abstract class OriginPattern
{
    private const string SchemeEnd = "://";

    private static readonly SearchValues<char> Wildcards = SearchValues.Create("*?");

    private static readonly SearchValues<char> NumericLetters = SearchValues.Create("0123456789.*?");

    /// <returns>Null for text that is none of them.</returns>
    public static OriginPattern? Parse(string entry)
    {
        var end = entry.IndexOf(SchemeEnd, StringComparison.Ordinal);
        if (entry.Contains('\\', StringComparison.Ordinal))
        {
            return null; // the matcher's escape, and no part of an origin
        }

        if (end < 0)
        {
            return entry.AsSpan().ContainsAny(Wildcards) ? new HostPattern(entry) : null;
        }

        var (scheme, rest) = (entry[..end], entry[(end + SchemeEnd.Length)..]);

        return !Uri.CheckSchemeName(scheme) ? null
            : !IsWeb(scheme) ? new AppScheme(scheme, rest)
            : rest.Length > 0 ? new WebOrigin(entry.TrimEnd('/'))
            : null;
    }

    public abstract bool Admits(Uri address);

    /// <summary>Scheme, host and port alone: who is named before an @ says nothing about where an address leads.</summary>
    public static string OriginOf(Uri address) => address.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped);

    public static bool IsWeb(string scheme) =>
        scheme.Equals(Uri.UriSchemeHttp, StringComparison.OrdinalIgnoreCase)
        || scheme.Equals(Uri.UriSchemeHttps, StringComparison.OrdinalIgnoreCase);

    // The whole text, in any case; * is any run of characters, dots included.
    private static bool Matches(string pattern, string text) => FileSystemName.MatchesSimpleExpression(pattern, text, ignoreCase: true);

    private sealed class WebOrigin(string pattern) : OriginPattern
    {
        public override bool Admits(Uri address) => IsWeb(address.Scheme) && Matches(pattern, OriginOf(address));
    }

    private sealed class HostPattern(string pattern) : OriginPattern
    {
        // 192.168.*.* means addresses; the name 192.168.evil.example would fit it too.
        private readonly bool _isNumeric = !pattern.AsSpan().ContainsAnyExcept(NumericLetters);

        public override bool Admits(Uri address) =>
            IsWeb(address.Scheme)
            && (!_isNumeric || address.HostNameType == UriHostNameType.IPv4)
            && Matches(pattern, address.IsDefaultPort ? address.Host : $"{address.Host}:{address.Port}");
    }

    private sealed class AppScheme(string scheme, string rest) : OriginPattern
    {
        private readonly string _authority = rest.Split('/')[0];

        private readonly string _path = rest.Contains('/', StringComparison.Ordinal)
            ? rest[rest.IndexOf('/', StringComparison.Ordinal)..]
            : "";

        public override bool Admits(Uri address)
        {
            if (!address.Scheme.Equals(scheme, StringComparison.OrdinalIgnoreCase))
            {
                return false;
            }

            var isAuthority = _authority.Length == 0 || (address.UserInfo.Length == 0 && Matches(_authority, address.Authority));

            return isAuthority && (_path.Length == 0 || IsAtOrBelow(Uri.UnescapeDataString(address.AbsolutePath)));
        }

        private bool IsAtOrBelow(string path) =>
            !path.Split('/').Contains("..", StringComparer.Ordinal) && (Matches(_path, path) || Matches(_path.TrimEnd('/') + "/*", path));
    }
}
