using System.Globalization;
using System.Text.Json;
using Mana.Platform.Telemetry;

namespace Mana.Platform.Http;

/// <summary>Words a refusal in the language of the surface that was asked (architecture, section 7).</summary>
public static class Dialect
{
    public static Task Write(HttpContext http, Refusal refusal)
    {
        RefusalLog.Refused(http, refusal);
        Signals.RefusedWith(refusal.Code);
        if (refusal.RetryAfter is { } wait)
        {
            var seconds = Seconds(wait).ToString(CultureInfo.InvariantCulture);
            http.Response.Headers.RetryAfter = seconds;
            http.Response.Headers["X-Retry-After"] = seconds;
        }

        return Surfaces.Of(http) switch
        {
            Surface.BetterAuth => WriteBetterAuth(http, refusal),
            Surface.Page => http.RequestServices.GetRequiredService<IRefusalPages>().Write(http, refusal),
            _ => WriteProblem(http, refusal),
        };
    }

    /// <summary>RFC 9457 with the members every older client reads (contract 0.4, ruling 33).</summary>
    private static Task WriteProblem(HttpContext http, Refusal refusal)
    {
        var problem = new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["type"] = $"urn:mana:problem:{refusal.Code}",
            ["title"] = refusal.Message,
            ["status"] = refusal.Status,
            ["instance"] = http.Request.Path.Value,
            ["error"] = refusal.Code,
            ["code"] = refusal.Code,
            ["message"] = refusal.Message,
            ["statusCode"] = refusal.Status,
            ["timestamp"] = http.RequestServices.GetRequiredService<TimeProvider>().Now(),
            ["path"] = http.Request.Path.Value,
            ["requestId"] = http.TraceIdentifier,
        };
        if (refusal.RetryAfter is { } wait)
        {
            problem["retryAfterSec"] = Seconds(wait);
        }

        if (refusal.Details is { } details)
        {
            problem["details"] = details;
        }

        if (refusal.Errors is { } errors)
        {
            problem["errors"] = errors;
        }

        foreach (var (name, value) in refusal.Extra ?? [])
        {
            problem[name] = value;
        }

        return Send(http, refusal.Status, "application/problem+json; charset=utf-8", problem);
    }

    /// <summary><c>{"message","code"}</c>, nothing else (wire section 1.5).</summary>
    private static Task WriteBetterAuth(HttpContext http, Refusal refusal)
    {
        var (code, message, status) = refusal.BetterAuth is { } own
            ? (own.Code, own.Message, own.Status ?? refusal.Status)
            : (refusal.Code, refusal.Message, refusal.Status);
        var body = new Dictionary<string, object?>(StringComparer.Ordinal) { ["message"] = message };
        if (code is not null)
        {
            body["code"] = code;
        }

        return Send(http, status, "application/json", body);
    }

    private static Task Send(HttpContext http, int status, string contentType, Dictionary<string, object?> body)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(body, WireJson.Options);
        http.Response.StatusCode = status;
        http.Response.ContentType = contentType;
        http.Response.ContentLength = bytes.Length;

        return http.Response.Body.WriteAsync(bytes, 0, bytes.Length, http.RequestAborted);
    }

    private static int Seconds(TimeSpan wait) => Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds));
}
