using System.Reflection;

namespace Mana.Platform.Http;

/// <summary>
/// Calls a door: fetches what its parameters ask for, lets it say its answer and writes that. Every part of the service lives as long as it
/// does, so the parts are fetched once; a request then costs neither a look into the container nor a state machine.
/// </summary>
public sealed class DoorCall
{
    private readonly MethodInvoker _door;

    private readonly Func<HttpContext, object?>[] _parameters;

    private readonly Writer _writer;

    private DoorCall(MethodInfo door, IServiceProvider services)
    {
        _door = MethodInvoker.Create(door);
        _parameters = [.. door.GetParameters().Select(parameter => Source(parameter, services))];
        _writer = Writer.For(door.ReturnType);
    }

    public static DoorCall To(MethodInfo door, IServiceProvider services) => new(door, services);

    public Task Run(HttpContext http) => _writer.Write(http, _door.Invoke(null, Arguments(http))!);

    private Span<object?> Arguments(HttpContext http)
    {
        var arguments = new object?[_parameters.Length];
        for (var at = 0; at < arguments.Length; at++)
        {
            arguments[at] = _parameters[at](http);
        }

        return arguments;
    }

    private static Func<HttpContext, object?> Source(ParameterInfo parameter, IServiceProvider services)
    {
        var type = parameter.ParameterType;
        if (type == typeof(HttpContext))
        {
            return http => http;
        }

        if (type == typeof(HttpRequest))
        {
            return http => http.Request;
        }

        if (type == typeof(CancellationToken))
        {
            return http => http.RequestAborted;
        }

        if (Implements(type, typeof(IBody<>)))
        {
            return http => Call.Of(http).Body;
        }

        if (Implements(type, typeof(ICallPart<>)))
        {
            var part = (Part)Activator.CreateInstance(typeof(PartOf<>).MakeGenericType(type))!;
            return http => part.From(Call.Of(http));
        }

        if (type == typeof(string))
        {
            return http => http.Request.RouteValues[parameter.Name!];
        }

        if (parameter.IsDefined(typeof(AsParametersAttribute)))
        {
            return Several(type.GetConstructors()[0], services);
        }

        var service = services.GetRequiredService(type);
        return _ => service;
    }

    /// <summary>A record of parameters that several doors share.</summary>
    private static Func<HttpContext, object?> Several(ConstructorInfo record, IServiceProvider services)
    {
        var make = ConstructorInvoker.Create(record);
        var sources = Array.ConvertAll(record.GetParameters(), parameter => Source(parameter, services));

        return http => make.Invoke(Array.ConvertAll(sources, source => source(http)));
    }

    private static bool Implements(Type type, Type contract) =>
        Array.Exists(type.GetInterfaces(), one => one.IsGenericType && one.GetGenericTypeDefinition() == contract);

    private abstract class Part
    {
        public abstract object From(Call call);
    }

    private sealed class PartOf<T> : Part
        where T : class, ICallPart<T>
    {
        public override object From(Call call) => T.From(call);
    }

    /// <summary>Writes what a door of this kind returns.</summary>
    private class Writer
    {
        public static Writer For(Type returned)
        {
            if (!returned.IsGenericType || returned.IsAssignableTo(typeof(IResult)))
            {
                return new Writer();
            }

            var kind = returned.GetGenericTypeDefinition() == typeof(ValueTask<>) ? typeof(OfValueTask<>) : typeof(OfTask<>);

            return (Writer)Activator.CreateInstance(kind.MakeGenericType(returned.GetGenericArguments()))!;
        }

        public virtual Task Write(HttpContext http, object said) => said is IResult result ? result.ExecuteAsync(http) : (Task)said;

        protected static async Task Later<T>(HttpContext http, ValueTask<T> coming)
            where T : IResult => await (await coming).ExecuteAsync(http);

        private sealed class OfTask<T> : Writer
            where T : IResult
        {
            public override Task Write(HttpContext http, object said) =>
                (Task<T>)said is var coming && coming.IsCompletedSuccessfully
                    ? coming.GetAwaiter().GetResult().ExecuteAsync(http)
                    : Later(http, new ValueTask<T>(coming));
        }

        private sealed class OfValueTask<T> : Writer
            where T : IResult
        {
            public override Task Write(HttpContext http, object said) =>
                (ValueTask<T>)said is var coming && coming.IsCompletedSuccessfully
                    ? coming.GetAwaiter().GetResult().ExecuteAsync(http)
                    : Later(http, coming);
        }
    }
}
