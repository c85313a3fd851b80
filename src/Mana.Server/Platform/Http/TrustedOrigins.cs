using System.Text.Json;

namespace Mana.Platform.Http;

/// <summary>
/// Which origins may act with somebody's cookies and which addresses a redirect may lead to (wire section 5). One list serves CORS,
/// origin checks and redirects, so they cannot drift apart (B-15).
/// </summary>
public sealed class TrustedOrigins(HttpSettings settings, ServedHosts hosts)
{
    private static readonly (string Member, Refusal Refusal)[] Targets =
    [
        ("callbackURL", Refusals.InvalidCallbackUrl),
        ("redirectTo", Refusals.InvalidCallbackUrl with { BetterAuth = new("INVALID_REDIRECT_URL", "Invalid redirectURL", 403) }),
        (
            "errorCallbackURL",
            Refusals.InvalidCallbackUrl with
            {
                BetterAuth = new("INVALID_ERROR_CALLBACK_URL", "Invalid errorCallbackURL", 403),
            }
        ),
        (
            "newUserCallbackURL",
            Refusals.InvalidCallbackUrl with
            {
                BetterAuth = new("INVALID_NEW_USER_CALLBACK_URL", "Invalid newUserCallbackURL", 403),
            }
        ),
    ];

    private static readonly string[] LoginPaths = ["/api/auth/sign-in/email", "/api/auth/sign-up/email", "/api/auth/sign-in/magic-link"];

    private static readonly string[] FetchHeaders = ["Sec-Fetch-Site", "Sec-Fetch-Mode", "Sec-Fetch-Dest"];

    private readonly string[] _exact =
    [
        .. settings.CorsOrigins.Append(settings.Origin).Select(origin => origin.TrimEnd('/').ToLowerInvariant()),
    ];

    private readonly OriginPattern[] _patterns = [.. settings.MoreTrustedOrigins.Select(Pattern)];

    /// <summary>Origins whose pages may read our answers: an exact list, no pattern (ruling 32d), spelled as browsers do.</summary>
    public bool MayRead(string origin) => Array.IndexOf(_exact, origin) >= 0;

    /// <summary>Origins that may act with somebody's cookies and be led to.</summary>
    public bool IsTrusted(string origin) =>
        MayRead(origin.ToLowerInvariant())
        || (_patterns.Length > 0 && Uri.TryCreate(origin, UriKind.Absolute, out var address) && FitsPattern(address));

    /// <summary>
    /// The origin of the page that sent a request, as its headers say; empty when none did. Only what <see cref="Check"/> let pass is true.
    /// </summary>
    public static string Sender(HttpRequest request)
    {
        var origin = request.Headers.Origin.ToString();

        return origin.Length > 0 ? origin.ToLowerInvariant()
            : Uri.TryCreate(request.Headers.Referer.ToString(), UriKind.Absolute, out var referer) ? OriginPattern.OriginOf(referer)
            : "";
    }

    /// <summary>The table of wire section 5.1.</summary>
    public Refusal? Check(HttpContext http)
    {
        var headers = http.Request.Headers;
        if (headers.Cookie.Count > 0)
        {
            return Proved(http);
        }

        if (!LoginPaths.Contains(http.Request.Path.Value, StringComparer.Ordinal))
        {
            return null;
        }

        var hasFetchHeaders = Array.Exists(FetchHeaders, name => !string.IsNullOrWhiteSpace(headers[name]));
        if (headers["Sec-Fetch-Site"] == "cross-site" && headers["Sec-Fetch-Mode"] == "navigate")
        {
            return Refusals.CrossSiteNavigation;
        }

        return hasFetchHeaders || headers.Origin.Count > 0 || headers.Referer.Count > 0 ? Proved(http) : null;
    }

    /// <summary>
    /// Whether a form was posted by a page of ours; no front end has a reason to post one, trusted or not. Asked for always, cookie or not:
    /// a stranger's page could otherwise post the stranger's own link and sign the visitor in to the stranger's account. The browser's word
    /// is enough, no antiforgery token beside it: scripts cannot write either header, every browser sends one of them with a POST, and
    /// whoever sends neither is refused. That the same origin is ours and not a stranger's name for us was seen to at the edge.
    /// </summary>
    public Refusal? CheckForm(HttpContext http)
    {
        var headers = http.Request.Headers;
        if (headers["Sec-Fetch-Site"] == "same-origin")
        {
            return null;
        }

        var origin = headers.Origin.ToString();

        return origin.Length == 0 || origin == "null" ? Refusals.MissingOrigin
            : origin.Equals(settings.Origin, StringComparison.OrdinalIgnoreCase) ? null
            : Refusals.InvalidOrigin;
    }

    /// <summary>Redirect targets in a query and in a body, whatever the endpoint (wire section 5.4).</summary>
    public Refusal? CheckTargets(IQueryCollection query, JsonElement? body)
    {
        if (!query["callbackURL"].All(target => MayLeadTo(target ?? "")))
        {
            return Refusals.InvalidCallbackUrl;
        }

        if (body is not { ValueKind: JsonValueKind.Object } members)
        {
            return null;
        }

        foreach (var (member, refusal) in Targets)
        {
            if (!members.TryGetProperty(member, out var target) || target.ValueKind == JsonValueKind.Null)
            {
                continue;
            }

            if (target.ValueKind != JsonValueKind.String)
            {
                var label = member == "redirectTo" ? "redirectURL" : member;
                return Refusals.Validation with { BetterAuth = new(null, $"Invalid {label}: expected a string") };
            }

            if (!MayLeadTo(target.GetString()!))
            {
                return refusal;
            }
        }

        return null;
    }

    /// <summary>True for an empty target, a safe relative one, or an address of a trusted origin (wire sections 5.2 and 5.3).</summary>
    public bool MayLeadTo(string target)
    {
        if (target.Length == 0)
        {
            return true;
        }

        if (target[0] == '/')
        {
            return IsSafeRelative(target);
        }

        return !target.AsSpan().ContainsAnyInRange('\0', ' ')
            && !target.Contains('\\', StringComparison.Ordinal)
            && Uri.TryCreate(target, UriKind.Absolute, out var address)
            && ((OriginPattern.IsWeb(address.Scheme) && MayRead(OriginPattern.OriginOf(address))) || FitsPattern(address));
    }

    private bool FitsPattern(Uri address) => Array.Exists(_patterns, pattern => pattern.Admits(address));

    private static bool IsSafeRelative(string target)
    {
        var path = target.Split('?', '#')[0];

        return !target.StartsWith("//", StringComparison.Ordinal)
            && !target.Contains('\\', StringComparison.Ordinal)
            && !target.Any(char.IsControl)
            && !path.Contains("%2f", StringComparison.OrdinalIgnoreCase)
            && !path.Contains("%5c", StringComparison.OrdinalIgnoreCase);
    }

    private Refusal? Proved(HttpContext http)
    {
        var origin = http.Request.Headers.Origin.ToString();
        if (origin is "null" && http.Request.Headers["Sec-Fetch-Site"] == "same-origin" && hosts.IsOwn(http.Request.Host))
        {
            return null; // a sandboxed frame of ours: its origin is that of the address it asks (wire section 5.1)
        }

        if (origin.Length > 0 && origin != "null")
        {
            return IsTrusted(origin) ? null : Refusals.InvalidOrigin;
        }

        if (origin.Length == 0 && Uri.TryCreate(http.Request.Headers.Referer.ToString(), UriKind.Absolute, out var referer))
        {
            return IsTrusted(OriginPattern.OriginOf(referer)) ? null : Refusals.InvalidOrigin;
        }

        return Refusals.MissingOrigin;
    }

    private static OriginPattern Pattern(string entry) =>
        OriginPattern.Parse(entry)
        ?? throw new SettingsException(["TRUSTED_ORIGINS names something that is neither an origin, a host with wildcards nor a scheme."]);
}
