using System.Collections.Frozen;
using System.Security.Cryptography;
using Mana.Platform.Http;

namespace Mana.Web;

/// <summary>What pages load beside themselves: styles, an icon, one script nobody needs. They travel inside the binary and never change while it runs.</summary>
public static class PageAssets
{
    public static readonly Asset Tokens = Load("tokens.css", "text/css; charset=utf-8");

    public static readonly Asset Styles = Load("app.css", "text/css; charset=utf-8");

    public static readonly Asset Icon = Load("icon.svg", "image/svg+xml");

    public static readonly Asset Forms = Load("forms.js", "text/javascript; charset=utf-8");

    public static readonly FrozenDictionary<string, Asset> ByName = new[] { Tokens, Styles, Icon, Forms }.ToFrozenDictionary(
        asset => asset.Name,
        StringComparer.Ordinal
    );

    private static Asset Load(string name, string contentType)
    {
        using var stream = typeof(PageAssets).Assembly.GetManifestResourceStream($"wwwroot/{name}")!;
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        var bytes = copy.ToArray();

        return new Asset(name, contentType, new PublishedBytes(bytes), Convert.ToHexStringLower(SHA256.HashData(bytes).AsSpan(0, 6)));
    }
}

/// <param name="Fingerprint">Changes with the content, so that a browser may keep what it has for ever.</param>
public sealed record Asset(string Name, string ContentType, PublishedBytes Published, string Fingerprint)
{
    public string Path => $"/assets/{Name}?v={Fingerprint}";
}
