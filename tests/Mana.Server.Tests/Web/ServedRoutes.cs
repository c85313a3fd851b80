using Mana.Platform.Http;
using Mana.Specs.World;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Mana.Specs.Web;

/// <summary>A path that is served, with something in the place of its parameters.</summary>
public sealed record ServedRoute(string Path, IReadOnlyList<string> Methods)
{
    public bool IsWire => Path.StartsWith("/api/auth/", StringComparison.Ordinal);

    /// <summary>From the endpoints, so that no route is forgotten.</summary>
    public static IReadOnlyList<ServedRoute> All(House house) =>
        [
            .. house
                .Services.GetRequiredService<EndpointDataSource>()
                .Endpoints.Select(endpoint => endpoint.Metadata.GetMetadata<RoutePolicy>())
                .OfType<RoutePolicy>()
                .GroupBy(policy => Filled(policy.Path), policy => policy.Method)
                .Select(group => new ServedRoute(group.Key, [.. group.Distinct().Order(StringComparer.Ordinal)])),
        ];

    private static string Filled(string path) =>
        string.Join('/', path.Split('/').Select(part => part.StartsWith('{') ? "something" : part));
}
