using System.Reflection;
using Microsoft.AspNetCore.Http.Features;

namespace Mana.Platform.Http;

/// <summary>Maps one route line to an endpoint behind the <see cref="Guard"/>.</summary>
public static class RouteMapping
{
    public static void Get(this WebApplication app, string path, Delegate door, Access access, Limit limit) =>
        app.Map("GET", path, door, access, limit);

    public static void Post(this WebApplication app, string path, Delegate door, Access access, Limit limit) =>
        app.Map("POST", path, door, access, limit);

    public static void Patch(this WebApplication app, string path, Delegate door, Access access, Limit limit) =>
        app.Map("PATCH", path, door, access, limit);

    public static void Delete(this WebApplication app, string path, Delegate door, Access access, Limit limit) =>
        app.Map("DELETE", path, door, access, limit);

    private static void Map(this WebApplication app, string method, string path, Delegate door, Access access, Limit limit)
    {
        var isWire = Surfaces.Of(new PathString(path)) == Surface.BetterAuth;
        var isPage = typeof(IPage).IsAssignableFrom(Result(door.Method.ReturnType));
        var parser = BodyParser.For(door.Method);
        var counted = app.Services.GetRequiredService<RateLimits>().Of(method, path, limit);
        var policy = new RoutePolicy(method, path, door.Method, access, limit, parser?.RequestType) { IsPage = isPage, Counted = counted };
        var guard = app.Services.GetRequiredService<Guard>();
        var singletons = new Singletons(app.Services);

        // A door is put together when it is first asked for: start-up pays for none of them.
        var call = new Lazy<RequestDelegate>(() => DoorCall.To(door.Method, app.Services).Run);
        var endpoint = app.MapMethods(
            path,
            method == "GET" ? ["GET", "HEAD"] : [method],
            http =>
            {
                if (isWire && !ExactPaths.IsLiterally(path, http.Request.Path))
                {
                    http.Response.StatusCode = StatusCodes.Status404NotFound;
                    return Task.CompletedTask;
                }

                if (!isPage)
                {
                    http.Features.Set<IServiceProvidersFeature>(singletons);
                }

                return guard.Run(http, policy, parser, call.Value);
            }
        );
        endpoint.WithMetadata(policy, door.Method, new HttpMethodMetadata([method]));
        endpoint.WithTags(Slice(door.Method)).WithName($"{method} {path}");
        if (isPage || IsForPeople(door.Method))
        {
            endpoint.ExcludeFromDescription(); // the document describes what programs call
        }

        if (Body(door.Method.ReturnType) is { } body)
        {
            endpoint.WithMetadata(new ProducesResponseTypeMetadata(StatusCodes.Status200OK, body, ["application/json"]));
        }
    }

    /// <summary>
    /// Every part of the service lives as long as it does, so a door needs no scope of its own to find them in. Pages do: what renders them is
    /// made for one request.
    /// </summary>
    private sealed class Singletons(IServiceProvider services) : IServiceProvidersFeature
    {
        public IServiceProvider RequestServices
        {
            get => services;
            set => throw new NotSupportedException("Doors have no services of their own.");
        }
    }

    private static string Slice(MethodInfo door) => door.DeclaringType!.Namespace!.Split('.')[1];

    private static bool IsForPeople(MethodInfo door) => door.DeclaringType!.Namespace!.Split('.')[^1] is "Pages" or "Development";

    private static Type? Body(Type returned)
    {
        var inner = Result(returned);

        return inner.IsGenericType && inner.GetGenericTypeDefinition() == typeof(Answer<>) ? inner.GetGenericArguments()[0] : null;
    }

    private static Type Result(Type returned) =>
        returned.IsGenericType && returned.GetGenericTypeDefinition() is var kind && (kind == typeof(Task<>) || kind == typeof(ValueTask<>))
            ? returned.GetGenericArguments()[0]
            : returned;
}
