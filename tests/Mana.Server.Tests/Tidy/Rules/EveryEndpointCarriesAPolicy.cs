using Mana.Platform.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.CodeAnalysis;

namespace Mana.Specs.Tidy.Rules;

/// <summary>
/// What is not on a line of <c>Routes.cs</c> does not exist. The sources are asked who else maps endpoints, and the running server is asked
/// what it really has.
/// </summary>
public static class EveryEndpointCarriesAPolicy
{
    private const string Routes = Place.Server + "Routes.cs";

    private const string Mapping = Place.Server + "Platform/Http/RouteMapping.cs";

    // The framework's own endpoints, which answer documents and files and know nobody.
    private static readonly string[] FrameworkCalls = ["MapOpenApi", "MapStaticAssets"];

    private static readonly string[] FrameworkPaths = ["/openapi/{documentName}.json"];

    public static IEnumerable<Breach> Breaches(Sources sources) =>
        sources
            .Uses.Where(use => use.Node.SyntaxTree.IsServer() && use.Node.SyntaxTree.FilePath != Mapping)
            .Where(use => use.Symbol is IMethodSymbol { Name: var name } && IsMapping(name, use.Namespace))
            .Select(use => Breach.At(use.Node, $"{use.Symbol.Name} makes an endpoint without a policy: add a line to Routes.cs"));

    /// <param name="lines">How many lines Routes.cs has for the environment the server runs in.</param>
    public static IEnumerable<Breach> Breaches(IEnumerable<Endpoint> endpoints, int lines)
    {
        var all = endpoints.ToList();
        var guarded = all.Count(endpoint => endpoint.Metadata.GetMetadata<RoutePolicy>() is not null);
        var bare = all.Where(endpoint => endpoint.Metadata.GetMetadata<RoutePolicy>() is null && !IsFramework(endpoint));

        return
        [
            .. bare.Select(endpoint => new Breach(Routes, 1, $"{endpoint.DisplayName} has no line and no policy")),
            .. guarded == lines ? Array.Empty<Breach>() : [new Breach(Routes, 1, $"{lines} lines made {guarded} endpoints")],
        ];
    }

    private static bool IsMapping(string name, string from) =>
        name.StartsWith("Map", StringComparison.Ordinal)
        && (from is "Microsoft.AspNetCore.Builder" || from.StartsWith("Microsoft.AspNetCore.Routing", StringComparison.Ordinal))
        && !FrameworkCalls.Contains(name);

    private static bool IsFramework(Endpoint endpoint) =>
        endpoint is RouteEndpoint { RoutePattern.RawText: { } path } && FrameworkPaths.Contains(path);
}
