namespace Mana.Platform.Http;

/// <summary>
/// Paths as the contracts have them. On the wire matching is exact and case-sensitive, and whatever does not match, wrong methods
/// included, is an empty 404 (wire section 1.1); on our own surface a trailing slash leads to the path without it (B-46). What leads nowhere
/// is counted all the same.
/// </summary>
public sealed class ExactPaths(RateLimits limits, ClientAddress addresses, RequestDelegate next)
{
    public Task InvokeAsync(HttpContext http)
    {
        var path = http.Request.Path.Value ?? "";
        var isWire = Surfaces.Of(http.Request.Path) == Surface.BetterAuth;
        if (isWire && !IsCanonical(path) || path.StartsWith("//", StringComparison.Ordinal))
        {
            return Nowhere(http, isEmpty: true);
        }

        if (!isWire && path.Length > 1 && path[^1] == '/' && path.StartsWith("/api/", StringComparison.Ordinal))
        {
            http.Response.StatusCode = StatusCodes.Status301MovedPermanently;
            http.Response.Headers.Location = Redirects.Encode(path.TrimEnd('/') + http.Request.QueryString.Value);
            return Task.CompletedTask;
        }

        if (!isWire && HttpMethods.IsHead(http.Request.Method))
        {
            // A HEAD is a GET whose body stays here (RFC 9110, 9.3.2), and Kestrel keeps it back; the wire knows none (section 1.1).
            http.Request.Method = HttpMethods.Get;
        }

        var answering = next(http);

        return answering.IsCompletedSuccessfully ? Unmatched(http, isWire) : Later(answering, http, isWire);
    }

    private async Task Later(Task answering, HttpContext http, bool isWire)
    {
        await answering;
        await Unmatched(http, isWire);
    }

    /// <summary>
    /// Routing does not look at case, the wire does: what a route says literally has to be there literally. What stands for a parameter is the
    /// client's own.
    /// </summary>
    public static bool IsLiterally(string route, PathString path)
    {
        if (string.Equals(route, path.Value, StringComparison.Ordinal))
        {
            return true;
        }

        var (expected, found) = (route.Split('/'), path.Value!.Split('/'));

        return expected.Length == found.Length
            && expected
                .Zip(found)
                .All(part => part.First.StartsWith('{') || string.Equals(part.First, part.Second, StringComparison.Ordinal));
    }

    private Task Unmatched(HttpContext http, bool isWire)
    {
        if (
            http.Response.StatusCode is not (StatusCodes.Status404NotFound or StatusCodes.Status405MethodNotAllowed)
            || http.Response.HasStarted
            || http.Response.ContentLength is not null
        )
        {
            return Task.CompletedTask;
        }

        return Nowhere(http, isEmpty: isWire);
    }

    private async Task Nowhere(HttpContext http, bool isEmpty)
    {
        // Where there was a door, its guard has counted.
        var tooMany = http.Features.Get<Call>() is null ? await limits.TakeUnmatched(http, addresses.Of(http)) : null;
        if (tooMany is null && isEmpty)
        {
            http.Response.Headers.Remove("Allow");
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            http.Response.ContentLength = 0;
            return;
        }

        var isKnown = http.Response.StatusCode == StatusCodes.Status405MethodNotAllowed;
        await Dialect.Write(http, tooMany ?? (isKnown ? Refusals.MethodNotAllowed : Refusals.NotFound));
    }

    private static bool IsCanonical(string path) =>
        path.StartsWith(Surfaces.BetterAuthPrefix, StringComparison.Ordinal)
        && path[^1] != '/'
        && !path.Contains("//", StringComparison.Ordinal);
}
