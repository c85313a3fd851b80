using System.Reflection;
using System.Text.Json;

namespace Mana.Platform.Http;

/// <summary>Turns a JSON body into the request record of one door.</summary>
public abstract class BodyParser
{
    public static BodyParser? For(MethodInfo handler)
    {
        var request = handler
            .GetParameters()
            .Select(parameter => parameter.ParameterType)
            .FirstOrDefault(type => Array.Exists(type.GetInterfaces(), Is));

        return request is null ? null : (BodyParser)Activator.CreateInstance(typeof(Of<>).MakeGenericType(request))!;

        static bool Is(Type type) => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IBody<>);
    }

    public abstract Type RequestType { get; }

    /// <inheritdoc cref="IBody{TSelf}.MayBeForm"/>
    public abstract bool MayBeForm { get; }

    /// <returns>The refusal with every problem, or null when <see cref="Call.Body"/> is set.</returns>
    public abstract Refusal? Parse(JsonElement? body, Call call);

    /// <inheritdoc cref="IBody{TSelf}.Glance"/>
    /// <returns>True when <see cref="Call.Body"/> is set and nothing is wrong.</returns>
    public abstract bool Glance(byte[] json, Call call);

    private sealed class Of<T> : BodyParser
        where T : class, IBody<T>
    {
        public override Type RequestType => typeof(T);

        public override bool MayBeForm => T.MayBeForm;

        public override Refusal? Parse(JsonElement? body, Call call)
        {
            var surface = T.Surface;
            if (body is null && !T.MayBeAbsent || body is { ValueKind: not JsonValueKind.Object })
            {
                var received = body is null ? "undefined" : Received(body.Value);
                return Invalid([
                    surface == Surface.BetterAuth
                        ? $"[body] Invalid input: expected {T.Kind}, received {received}"
                        : "The request body must be a JSON object",
                ]);
            }

            var fields = new Fields(body, surface);
            call.Body = T.Parse(fields);
            if (T.RefusesUnknownMembers)
            {
                fields.RefuseUnknown();
            }

            return fields.Issues.Count == 0 ? null : Invalid(fields.Issues);
        }

        public override bool Glance(byte[] json, Call call)
        {
            if (T.Glance(json) is not { } plain)
            {
                return false;
            }

            call.Body = plain;
            return true;
        }

        private static Refusal Invalid(IReadOnlyList<string> issues) =>
            Refusals.Validation with
            {
                Message = issues[0],
                Errors = issues,
                Extra = T.RefusalMembers,
                BetterAuth = new("VALIDATION_ERROR", string.Join("; ", issues)),
            };

        private static string Received(JsonElement body) =>
            body.ValueKind switch
            {
                JsonValueKind.Array => "array",
                JsonValueKind.String => "string",
                JsonValueKind.Number => "number",
                JsonValueKind.Null => "null",
                _ => "boolean",
            };
    }
}
