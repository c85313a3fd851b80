using System.Security.Cryptography;
using Microsoft.Net.Http.Headers;

namespace Mana.Platform.Http;

/// <summary>Bytes that anyone may keep for a while: keys and styles, not answers about people.</summary>
public static class Published
{
    private static readonly string Rule = new CacheControlHeaderValue { Public = true, MaxAge = TimeSpan.FromMinutes(5) }.ToString();

    /// <param name="rule">How long it may be kept; null for a few minutes.</param>
    public static Task Write(HttpContext http, string contentType, byte[] bytes, string? rule = null)
    {
        var tag = $"\"{Convert.ToHexStringLower(SHA256.HashData(bytes).AsSpan(0, 8))}\"";
        http.Response.Headers.CacheControl = rule ?? Rule;
        http.Response.Headers.ETag = tag;
        if (http.Request.Headers.IfNoneMatch == tag)
        {
            http.Response.StatusCode = StatusCodes.Status304NotModified;
            return Task.CompletedTask;
        }

        http.Response.ContentType = contentType;
        http.Response.ContentLength = bytes.Length;

        return http.Response.Body.WriteAsync(bytes, 0, bytes.Length, http.RequestAborted);
    }
}
