using System.Text;
using Mana.Protocols.Cookies;

namespace Mana.Platform.Http;

/// <summary>The session cookies: names, signing, attributes, clearing (wire section 2, ruling 32).</summary>
public sealed class SessionCookies(HttpSettings http, SecretSettings secrets)
{
    private readonly byte[] _secret = Encoding.UTF8.GetBytes(secrets.BetterAuthSecret);

    private readonly byte[]? _previous = secrets.PreviousBetterAuthSecret is { } previous ? Encoding.UTF8.GetBytes(previous) : null;

    private const string MultiMark = "_multi-";

    private static readonly string[] Cleared = ["session_token", "session_data", "dont_remember"];

    private readonly string _prefix = http.IsSecure ? "__Secure-mana." : "mana.";

    /// <summary>The secret a request presents. A wrong signature counts as no cookie: no error, nothing cleared (wire 2.4).</summary>
    public PresentedSession Read(HttpRequest request)
    {
        var header = request.Headers.Cookie.ToString();
        var isUnremembered = header.Length > 0 && Open(CookieHeader.First(header, Name("dont_remember"))) == "true";
        if (BearerToken(request) is { } bearer)
        {
            // A bearer with a good signature replaces the cookie; one without any is the raw token (wire 4.7).
            var token = bearer.Contains('.', StringComparison.Ordinal) ? Open(bearer) : bearer;
            if (token is not null)
            {
                return new PresentedSession(token, IsFromCookie: header.Length > 0, isUnremembered) { HoldsCookie = header.Length > 0 };
            }
        }

        return header.Length == 0 ? new PresentedSession(null, false, false) : FromCookie(header, isUnremembered);
    }

    /// <param name="lifetime">Null for a session that ends with the browser.</param>
    /// <param name="before">What the browser presented: an earlier wish not to be remembered ends with a session that is (wire 2.6).</param>
    public SetCookie[] Issue(string token, TimeSpan? lifetime, PresentedSession? before = null)
    {
        var session = Cookie("session_token", SignedCookie.Sign(token, _secret), lifetime);
        SetCookie[] issued =
            lifetime is null ? [session, Cookie("dont_remember", SignedCookie.Sign("true", _secret), null)]
            : before is { IsUnremembered: true } ? [session, Cookie("dont_remember", "", TimeSpan.Zero)]
            : [session];

        // What the browser holds may be from before there was a parent domain. It would not be replaced but stand beside the new one. Taken back
        // first: to some browsers they are one when the parent domain is the very host.
        return http.CookieDomain is not null && before is { HoldsCookie: true } ? [ClearHost("session_token"), .. issued] : issued;
    }

    /// <summary>
    /// The cookies of a session that was just made. Where several people may be signed in in one browser it gets one of its own as well,
    /// unless the browser holds as many as it may; what it replaces is cleared (wire section 12.2).
    /// </summary>
    public SetCookie[] Issue(IssuedSession issued, PresentedSession before, Requester requester) =>
        [.. Issue(issued.Token, issued.CookieLifetime, before), .. Join(issued, requester.Browser.Tokens.Count)];

    /// <summary>Sessions of other people in the same browser. Cookies without a good signature, or under another's name, count as none.</summary>
    public BrowserSessions Browser(HttpRequest request)
    {
        var header = request.Headers.Cookie.ToString();

        return http.SessionsPerBrowserMax > 1 && header.Contains(MultiMark, StringComparison.Ordinal)
            ? new BrowserSessions(() => OpenMulti(header))
            : BrowserSessions.None;
    }

    /// <summary>Clears the cookie a session has beside the active one's.</summary>
    public SetCookie ClearMulti(string token) => Cookie(MultiName(token), "", TimeSpan.Zero);

    /// <summary>The three clearing lines of the wire, in its order (section 2.5).</summary>
    public SetCookie[] Clear() => [.. Cleared.Select(name => Cookie(name, "", TimeSpan.Zero))];

    /// <summary>
    /// Two valid values that differ are no session, and would be none at every request to come: where a parent domain is set, one of them is
    /// from before it was, and no line that names the domain reaches it. Both are cleared, unless the door gives the browser a session. Without
    /// a parent domain somebody else set the second, for one that is not known here; clearing our own alone would leave the browser with theirs.
    /// </summary>
    public void EndContradiction(HttpContext context)
    {
        if (http.CookieDomain is null)
        {
            return;
        }

        context.Response.OnStarting(() =>
        {
            if (!SetsSession(context.Response, mayClear: false))
            {
                SetCookie[] lines = [.. SetsSession(context.Response) ? [] : Clear(), .. Cleared.Select(ClearHost)];
                Array.ForEach(lines, line => context.Response.Headers.Append("Set-Cookie", line.ToString()));
            }

            return Task.CompletedTask;
        });
    }

    /// <summary>
    /// The clearing line for a cached session a browser brought from elsewhere: nothing is cached in cookies here, and nobody may think so
    /// (wire section 17).
    /// </summary>
    public SetCookie? ClearCache(HttpRequest request) =>
        string.IsNullOrEmpty(CookieHeader.First(request.Headers.Cookie.ToString(), Name("session_data")))
            ? null
            : Cookie("session_data", "", TimeSpan.Zero);

    /// <summary>
    /// Sends the cookie of a session that was extended on the way, unless the door then sets or clears it itself: of two cookies of one
    /// name the browser would keep whichever comes last.
    /// </summary>
    public void SendAgain(HttpContext http, string token, TimeSpan? lifetime) =>
        http.Response.OnStarting(() =>
        {
            if (SetsSession(http.Response))
            {
                return Task.CompletedTask;
            }

            var headers = http.Response.Headers;
            foreach (var cookie in Issue(token, lifetime))
            {
                headers.Append("Set-Cookie", cookie.ToString());
            }

            if (Surfaces.Of(http.Request.Path) == Surface.BetterAuth)
            {
                headers.Append("set-auth-token", Bearer(token));
                headers.Append("access-control-expose-headers", "set-auth-token");
            }

            return Task.CompletedTask;
        });

    /// <summary>What <c>set-auth-token</c> repeats for clients without cookies (wire 1.8).</summary>
    public string Bearer(string token) => SignedCookie.Sign(token, _secret);

    /// <summary>Marks the browser that signed up, so that its link keeps the password (ruling 10).</summary>
    public SetCookie IssueSignUpFlow(string flow, TimeSpan lifetime) => Cookie("sign_up", SignedCookie.Sign(flow, _secret), lifetime);

    public string? ReadSignUpFlow(HttpRequest request) => Open(CookieHeader.First(request.Headers.Cookie.ToString(), Name("sign_up")));

    public static string? BearerToken(HttpRequest request)
    {
        const string scheme = "Bearer ";
        var header = request.Headers.Authorization.ToString();
        if (!header.StartsWith(scheme, StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        var token = header[scheme.Length..];

        return token.Length == 0 || token.Contains(' ', StringComparison.Ordinal) ? null : token;
    }

    private PresentedSession FromCookie(string header, bool isUnremembered)
    {
        var sent = CookieHeader.First(header, Name("session_token"));
        var first = Open(sent);
        if (first is not null)
        {
            // Two different validly signed values: one of them was tossed in by a sub-domain, and nobody can say which (ruling 32).
            foreach (var other in CookieHeader.All(header, Name("session_token")))
            {
                if (other != sent && Open(other) is { } second && second != first)
                {
                    return new PresentedSession(null, false, isUnremembered) { HoldsCookie = true, IsContradictory = true };
                }
            }
        }

        return new PresentedSession(first, first is not null, isUnremembered) { HoldsCookie = sent is not null };
    }

    /// <param name="response">Before it is sent.</param>
    /// <param name="mayClear">False when clearing the cookie does not count.</param>
    private bool SetsSession(HttpResponse response, bool mayClear = true)
    {
        var own = Name("session_token") + "=";

        return response
            .Headers.SetCookie.ToArray()
            .Any(line => line!.StartsWith(own, StringComparison.Ordinal) && (mayClear || line[own.Length] != ';'));
    }

    private IEnumerable<SetCookie> Join(IssuedSession issued, int held)
    {
        if (http.SessionsPerBrowserMax == 1)
        {
            return [];
        }

        var cleared = issued.Replaced.Select(ClearMulti);

        return held - issued.Replaced.Count < http.SessionsPerBrowserMax
            ? [.. cleared, Cookie(MultiName(issued.Token), SignedCookie.Sign(issued.Token, _secret), issued.CookieLifetime)]
            : cleared;
    }

    private IReadOnlyList<string> OpenMulti(string header) =>
        [
            .. CookieHeader
                .Beginning(header, Name("session_token" + MultiMark))
                .Take(HttpSettings.SessionsPerBrowserLimit)
                .Select(cookie => Open(cookie.Value) is { } token && cookie.Name == Name(MultiName(token)) ? token : null)
                .OfType<string>()
                .Distinct(StringComparer.Ordinal),
        ];

    private static string MultiName(string token) => "session_token" + MultiMark + token.ToLowerInvariant();

    private string? Open(string? value) =>
        value is null ? null : SignedCookie.Open(value, _secret) ?? (_previous is null ? null : SignedCookie.Open(value, _previous));

    private string Name(string name) => _prefix + name;

    private SetCookie ClearHost(string name) => Cookie(name, "", TimeSpan.Zero) with { Domain = null };

    private SetCookie Cookie(string name, string value, TimeSpan? maxAge) =>
        new(Name(name), value)
        {
            MaxAge = maxAge,
            Domain = http.CookieDomain,
            Secure = http.IsSecure,
            SameSite = http.CookieSameSite,
        };
}
