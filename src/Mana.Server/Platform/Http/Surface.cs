namespace Mana.Platform.Http;

/// <summary>The two dialects the service speaks; which one a request gets is decided by its path alone.</summary>
public enum Surface
{
    /// <summary>Our own contract, and everything that is neither an endpoint of Better Auth nor a page.</summary>
    Mana,

    /// <summary>The Better Auth wire below <c>/api/auth</c>.</summary>
    BetterAuth,
}

public static class Surfaces
{
    public const string BetterAuthPrefix = "/api/auth";

    public static Surface Of(PathString path) =>
        path.StartsWithSegments(BetterAuthPrefix, StringComparison.OrdinalIgnoreCase) ? Surface.BetterAuth : Surface.Mana;
}
