namespace Mana.Platform.Http;

/// <summary>
/// The secrets of sessions a browser holds beside the active one, each in a signed cookie of its own, where several people may be signed in
/// at once (wire section 12.2). Opened when somebody asks: every cookie costs a MAC.
/// </summary>
public sealed class BrowserSessions(Func<IReadOnlyList<string>> open)
{
    public static readonly BrowserSessions None = new(() => []);

    private readonly Lazy<IReadOnlyList<string>> _tokens = new(open);

    public IReadOnlyList<string> Tokens => _tokens.Value;

    /// <summary>The one whose cookie is named after this token; the wire writes names in lower case.</summary>
    public string? Find(string token) => Tokens.FirstOrDefault(held => held.Equals(token, StringComparison.OrdinalIgnoreCase));
}

/// <summary>What a browser is told of a session that was just made.</summary>
/// <param name="CookieLifetime">Null for a session that ends with the browser.</param>
/// <param name="Replaced">Secrets the browser held for the same person; their sessions have ended.</param>
public sealed record IssuedSession(string Token, TimeSpan? CookieLifetime, IReadOnlyList<string> Replaced);
