using System.Globalization;
using Mana.Platform.Http;

namespace Mana.Operations.Docs;

/// <summary>Every route with who may call it, how often, and the file that answers.</summary>
internal static class RoutesPage
{
    public static Page Write(IEndpointRouteBuilder app, HttpSettings settings)
    {
        var routes = app
            .DataSources.SelectMany(source => source.Endpoints)
            .Select(endpoint => endpoint.Metadata.GetMetadata<RoutePolicy>())
            .OfType<RoutePolicy>()
            .ToArray();
        var comments = DocComments.Load();
        var page = Markdown
            .Titled("Routes", "[Routes.cs](../../src/Mana.Server/Routes.cs)")
            .Say(
                "Refusals stand in [errors.md](errors.md), shapes in [openapi.json](openapi.json). A route that answers GET answers HEAD too."
            );
        foreach (var group in routes.GroupBy(route => Group(route.Path), StringComparer.Ordinal))
        {
            page.Heading(group.Key)
                .Table(["Method", "Path", "Who may call", "Limit", "Does", "Door"], group.Select(route => Row(route, comments)));
        }

        return page.Heading("Who may call")
            .Table(["Word", "Meaning"], Enum.GetValues<Access>().Select(access => new[] { $"{access}", Meaning(access) }))
            .Heading("Limits")
            .Say(
                "Counted per client and route; an IPv6 client is its /64. Another service that shows its key is counted by its name instead, and "
                    + "may validate as it likes. What is counted in the database is shared by all instances. The numbers stand in "
                    + "[LimitRule.cs](../../src/Mana.Server/Platform/Http/LimitRule.cs)."
            )
            .Table(
                ["Word", "Meaning", "Requests", "Counted in"],
                Enum.GetValues<Limit>().Select(limit => new[] { $"{limit}", Meaning(limit) }.Concat(Numbers(limit, settings)).ToArray())
            )
            .Say(
                "On the wire the beginning of the path decides; the first line that fits. A window begins anew with every request that passes."
            )
            .Table(
                ["Path below `/api/auth`", "Requests", "Counted in"],
                LimitRules
                    .Wire.Select(row => new[] { $"{Markdown.Code(row.Start)}…" }.Concat(Numbers(row.Rule)).ToArray())
                    .Append(["everything else", .. Numbers(LimitRules.WireDefault)])
            )
            .ToPage("routes.md");
    }

    private static string[] Row(RoutePolicy route, DocComments comments) =>
        [
            route.Method,
            Markdown.Code(route.Path),
            IsForDevelopment(route) ? $"{route.Access}, in Development only" : $"{route.Access}",
            $"{route.Limit}",
            comments.Summary(route.Handler),
            Door(route),
        ];

    private static string Group(string path) =>
        path.StartsWith("/api/v1/", StringComparison.Ordinal) || path.StartsWith("/.well-known/", StringComparison.Ordinal)
            ? "The Mana contract"
        : path.StartsWith(Surfaces.BetterAuthPrefix + "/", StringComparison.Ordinal) ? "The Better Auth wire"
        : "For machines and browsers";

    private static bool IsForDevelopment(RoutePolicy route) =>
        route.Handler.DeclaringType!.Namespace!.EndsWith(".Development", StringComparison.Ordinal);

    /// <summary>Namespaces follow folders, so the type says where its file is.</summary>
    private static string Door(RoutePolicy route)
    {
        var door = route.Handler.DeclaringType!;
        var file = string.Join('/', door.FullName!.Split('.').Skip(1));

        return $"[{door.Name}](../../src/Mana.Server/{file}.cs)";
    }

    private static string Meaning(Access access) =>
        access switch
        {
            Access.Anyone => "everybody, without proof",
            Access.Bearer => "an access token of a live session in `Authorization: Bearer`",
            Access.Session => "a live session: its signed cookie, or its token as bearer",
            Access.FreshSession => "the same, opened within `SESSION_FRESH_AGE`",
            Access.BearerOrSession => "an access token, else a session cookie",
            Access.Service => "another service, by `X-Service-Key`",
            _ => throw new InvalidOperationException($"Access {access} has no meaning yet: say it here."),
        };

    private static string[] Numbers(Limit limit, HttpSettings settings) =>
        limit == Limit.Wire ? ["see below", ""]
        : LimitRules.Of(limit, settings) is { } rule ? Numbers(rule)
        : ["any number", ""];

    private static string[] Numbers(LimitRule rule) =>
        [
            string.Create(CultureInfo.InvariantCulture, $"{rule.Max} in {rule.Window.TotalSeconds} s"),
            rule.IsStored ? "the database" : "memory",
        ];

    private static string Meaning(Limit limit) =>
        limit switch
        {
            Limit.None => "never limited",
            Limit.General => "the general limit of our own surface",
            Limit.Wire => "the limiter of the wire",
            Limit.Validation => "ten times the general limit: other services ask on behalf of many people",
            Limit.SignIn => "ways to sign in",
            Limit.SignUp => "ways to sign up",
            Limit.Mail => "routes that send mail",
            Limit.NewPassword => "routes that set a password",
            Limit.Deletion => "closing or erasing an account",
            Limit.GiftCode => "routes that take the code of a gift",
            _ => throw new InvalidOperationException($"Limit {limit} has no meaning yet: say it here."),
        };
}
