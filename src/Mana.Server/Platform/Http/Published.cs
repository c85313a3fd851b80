using System.Security.Cryptography;
using Microsoft.Net.Http.Headers;

namespace Mana.Platform.Http;

/// <summary>Bytes that anyone may keep for a while, with the tag they are known by: keys and styles, not answers about people.</summary>
public sealed record PublishedBytes(byte[] Bytes)
{
    public string Tag { get; } = $"\"{Convert.ToHexStringLower(SHA256.HashData(Bytes).AsSpan(0, 8))}\"";
}

public static class Published
{
    private static readonly string Rule = new CacheControlHeaderValue { Public = true, MaxAge = TimeSpan.FromMinutes(5) }.ToString();

    /// <param name="rule">How long it may be kept; null for a few minutes.</param>
    public static Task Write(HttpContext http, string contentType, PublishedBytes published, string? rule = null)
    {
        http.Response.Headers.CacheControl = rule ?? Rule;
        http.Response.Headers.ETag = published.Tag;
        if (IsKnown(http.Request, published.Tag))
        {
            http.Response.StatusCode = StatusCodes.Status304NotModified;
            return Task.CompletedTask;
        }

        http.Response.ContentType = contentType;
        http.Response.ContentLength = published.Bytes.Length;

        return http.Response.Body.WriteAsync(published.Bytes, 0, published.Bytes.Length, http.RequestAborted);
    }

    /// <summary>Any of the listed tags, strong or weak, or the asterisk that stands for all (RFC 9110, 13.1.2).</summary>
    private static bool IsKnown(HttpRequest request, string tag) =>
        request.Headers.IfNoneMatch.Count > 0
        && EntityTagHeaderValue.TryParseList(request.Headers.IfNoneMatch, out var listed)
        && listed.Any(known => known.Equals(EntityTagHeaderValue.Any) || known.Tag == tag);
}
