using System.Diagnostics;

namespace Mana.Platform.Http;

/// <summary>Gives the activity of a request its name and tags; the framework leaves both out.</summary>
public static class ServerActivity
{
    /// <summary>Costs one look at a field when nobody listens.</summary>
    public static void Describe(HttpContext http)
    {
        if (Activity.Current is not { IsAllDataRequested: true, Kind: ActivityKind.Server } activity)
        {
            return;
        }

        var method = http.Request.Method;
        var status = http.Response.StatusCode;
        activity.SetTag("http.request.method", method);
        activity.SetTag("http.response.status_code", status);

        // The pattern and never the path: a path may hold a secret.
        if (http.GetEndpoint()?.Metadata.GetMetadata<RoutePolicy>() is { } route)
        {
            activity.DisplayName = $"{method} {route.Path}";
            activity.SetTag("http.route", route.Path);
        }
        else
        {
            activity.DisplayName = method;
        }

        if (status >= StatusCodes.Status500InternalServerError)
        {
            activity.SetStatus(ActivityStatusCode.Error);
        }
    }
}
