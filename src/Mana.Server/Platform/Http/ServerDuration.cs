using Mana.Platform.Telemetry;

namespace Mana.Platform.Http;

/// <summary>How long each request took, by method, route and status.</summary>
public static class ServerDuration
{
    private const int StatusMax = 599;

    /// <summary>Boxed once: a label is an object.</summary>
    private static readonly object[] Statuses = [.. Enumerable.Range(0, StatusMax + 1).Select(status => (object)status)];

    public static void Record(HttpContext http, TimeSpan elapsed)
    {
        var method = new KeyValuePair<string, object?>("http.request.method", Method(http.Request.Method));
        var status = new KeyValuePair<string, object?>(
            "http.response.status_code",
            Statuses[Math.Min(http.Response.StatusCode, StatusMax)]
        );

        // The pattern and never the path: a path may hold a secret, and there are too many of them.
        if (http.GetEndpoint() is RouteEndpoint { RoutePattern.RawText: { } pattern })
        {
            Signals.Answered(elapsed.TotalSeconds, [method, status, new("http.route", pattern)]);
        }
        else
        {
            Signals.Answered(elapsed.TotalSeconds, [method, status]);
        }
    }

    // Anybody can make up a method, and every new one would be a series of its own.
    private static string Method(string sent) =>
        sent switch
        {
            "GET" or "POST" or "PUT" or "DELETE" or "PATCH" or "OPTIONS" or "HEAD" => sent,
            _ => "_OTHER",
        };
}
