namespace Mana.Platform.Http;

/// <summary>The Content-Security-Policy: nothing inline, nothing from elsewhere.</summary>
public static class ContentPolicy
{
    public const string Strict = Sources + "form-action 'self'";

    // 'self' for base-uri and not 'none': asset addresses of components may rely on a base element.
    private const string Sources =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
        + "base-uri 'self'; frame-ancestors 'none'; ";

    /// <summary>
    /// For Swagger UI alone: the logo of the pinned version colours itself with one style element, allowed by its hash. Everything else of
    /// it lives with the strict policy.
    /// </summary>
    private static readonly string SwaggerUi = Strict.Replace(
        "style-src 'self'",
        "style-src 'self' 'sha256-RL3ie0nH+Lzz2YNqQN83mnU0J1ot4QL7b99vMdIX99w='",
        StringComparison.Ordinal
    );

    public static string Of(PathString path) => path.StartsWithSegments("/swagger", StringComparison.Ordinal) ? SwaggerUi : Strict;

    /// <summary>
    /// The same for a page whose form ends in a redirect to another trusted origin: browsers built on Chromium apply form-action to the
    /// whole chain, and would stop at our 303.
    /// </summary>
    /// <param name="target">A target <see cref="TrustedOrigins.MayLeadTo"/> has allowed, or null.</param>
    public static string ForFormTo(string? target) =>
        !Uri.TryCreate(target, UriKind.Absolute, out var address) || target!.StartsWith('/') ? Strict
        : OriginPattern.IsWeb(address.Scheme) ? $"{Strict} {OriginPattern.OriginOf(address)}"
        : $"{Strict} {address.Scheme}:";
}
