namespace Mana.Platform.Http;

/// <summary>The dialects the service speaks; which one a request gets is decided by its path and by the door behind it.</summary>
public enum Surface
{
    /// <summary>Our own contract, and everything that is neither an endpoint of Better Auth nor a page.</summary>
    Mana,

    /// <summary>The Better Auth wire below <c>/api/auth</c>.</summary>
    BetterAuth,

    /// <summary>Pages for people: a refusal is a sentence.</summary>
    Page,
}

public static class Surfaces
{
    public const string BetterAuthPrefix = "/api/auth";

    public static Surface Of(PathString path) =>
        path.StartsWithSegments(BetterAuthPrefix, StringComparison.OrdinalIgnoreCase) ? Surface.BetterAuth : Surface.Mana;

    /// <summary>The same once routing is done: the door's kind decides, and where there is no door, whether a browser asked for a page.</summary>
    public static Surface Of(HttpContext http)
    {
        var surface = Of(http.Request.Path);
        if (surface == Surface.BetterAuth || http.Request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase))
        {
            return surface;
        }

        var isPage = http.GetEndpoint()?.Metadata.GetMetadata<RoutePolicy>() is { } policy ? policy.IsPage : AsksForHtml(http.Request);

        return isPage ? Surface.Page : Surface.Mana;
    }

    private static bool AsksForHtml(HttpRequest request) =>
        request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase);
}
