using Mana.Platform.Http;

namespace Mana.Web.Pages;

public static class GetAsset
{
    private const string ForEver = "public, max-age=31536000, immutable";

    /// <summary>A style sheet or an icon: kept for ever under its fingerprint, for minutes without.</summary>
    public static Task Handle(HttpContext http, string name)
    {
        if (!PageAssets.ByName.TryGetValue(name, out var asset))
        {
            return Dialect.Write(http, Refusals.NotFound);
        }

        return Published.Write(http, asset.ContentType, asset.Published, http.Request.Query["v"] == asset.Fingerprint ? ForEver : null);
    }
}
