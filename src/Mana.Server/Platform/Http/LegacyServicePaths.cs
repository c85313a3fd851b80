namespace Mana.Platform.Http;

/// <summary>
/// Services of the first generation ask on public paths (contract 1.3.6). Where <c>SERVICE_KEY_ON_PUBLIC_PATHS</c> is on, what they ask with a
/// valid key is asked of the internal route of the same name; without one the path means what it means for everybody.
/// </summary>
public sealed class LegacyServicePaths(ServiceKey service, RequestDelegate next)
{
    private const string Public = "/api/v1/credits/";

    private const string Internal = "/api/v1/internal/credits/";

    public Task InvokeAsync(HttpContext http)
    {
        var request = http.Request;
        if (request.Headers.ContainsKey(ServiceKey.Header) && IsLegacy(request) && service.IsPresented(request))
        {
            request.Path = Internal + request.Path.Value![Public.Length..];
        }

        return next(http);
    }

    private static bool IsLegacy(HttpRequest request)
    {
        if (!request.Path.StartsWithSegments(Public.TrimEnd('/'), StringComparison.OrdinalIgnoreCase, out var rest))
        {
            return false;
        }

        return HttpMethods.IsPost(request.Method)
            ? rest == "/use" || rest == "/refund"
            : HttpMethods.IsGet(request.Method)
                && rest.Value is ['/', .. var last]
                && last.StartsWith("balance/", StringComparison.OrdinalIgnoreCase);
    }
}
