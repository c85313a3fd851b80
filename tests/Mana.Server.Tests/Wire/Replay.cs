using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Mana.Platform.Http;
using Mana.Specs.Tidy;
using Mana.Specs.World;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Mana.Specs.Wire;

/// <summary>Whether an answer can be held against the recorded one.</summary>
public enum Standing
{
    Judged,

    /// <summary>The reference has this endpoint, and we have no route for it yet.</summary>
    WithoutRoute,

    /// <summary>An earlier exchange of the recording stands without a route, so that what it did to people and sessions is not so here.</summary>
    AfterOneWithoutRoute,
}

/// <summary>One exchange played again.</summary>
/// <param name="Differences">One line each, in the words of <see cref="Comparison"/>.</param>
/// <param name="Rules">What had to be put right in the recording (<see cref="Expected"/>).</param>
public sealed record Replayed(
    Exchange Exchange,
    Standing Standing,
    IReadOnlyList<string> Differences,
    IReadOnlyList<string> Rules,
    Reply Ours
)
{
    public string Difference => string.Join("; ", Differences);
}

/// <summary>Plays the exchanges of one recording in their order against a house of their own.</summary>
public sealed class Replay(ReplayHouse house)
{
    private static readonly ConcurrentDictionary<string, Lazy<Task<IReadOnlyList<Replayed>>>> Done = new(StringComparer.Ordinal);

    private readonly MailLinks _links = new(house);

    public Learned Names { get; } = new();

    public ReplayHouse House { get; } = house;

    /// <summary>Every recording is played once, whoever asks.</summary>
    public static Task<IReadOnlyList<Replayed>> Of(string recording) =>
        Done.GetOrAdd(recording, name => new Lazy<Task<IReadOnlyList<Replayed>>>(() => Play(name))).Value;

    private static async Task<IReadOnlyList<Replayed>> Play(string recording)
    {
        var exchanges = Exchange.All.Where(exchange => exchange.Recording == recording).ToList();
        await using var house = new ReplayHouse(exchanges[0].Configuration);
        await house.InitializeAsync();
        var routes = house.Services.GetRequiredService<EndpointDataSource>().Endpoints.Select(RouteOf).OfType<string>().ToArray();
        var replay = new Replay(house);
        if (exchanges[0].RecordedOrigin.StartsWith("http:", StringComparison.Ordinal))
        {
            replay.Names.Learn(exchanges[0].RecordedOrigin, house.Address.GetLeftPart(UriPartial.Authority));
        }

        var played = new List<Replayed>();
        foreach (var exchange in exchanges)
        {
            await Interludes.Before(exchange.Number, replay);
            var hasRoute = exchange.IsNothing || Array.Exists(routes, route => Endpoints.Fit(route, exchange.Endpoint));
            var standing =
                !hasRoute ? Standing.WithoutRoute
                : played.Exists(earlier => earlier.Standing == Standing.WithoutRoute && earlier.Exchange.Answer.Status < 400)
                    ? Standing.AfterOneWithoutRoute
                : Standing.Judged;
            played.Add(await replay.Play(exchange, standing));
        }

        Write(recording, played);
        return played;
    }

    private static string? RouteOf(Endpoint endpoint) =>
        endpoint.Metadata.GetMetadata<RoutePolicy>() is { } policy ? $"{policy.Method} {policy.Path}" : null;

    private async Task<Replayed> Play(Exchange exchange, Standing standing)
    {
        await _links.Learn(exchange.Request, Names);
        using var request = Request(exchange.Request);
        using var response = await House.Http.SendAsync(request);
        var ours = await Reply.Of(response);
        Names.LearnFrom(exchange.Answer, ours);
        var expected = new Expected(exchange, Names);

        return new Replayed(exchange, standing, Comparison.Of(expected, ours), expected.Rules, ours);
    }

    private HttpRequestMessage Request(RecordedRequest recorded)
    {
        var address = new Uri(House.Address.GetLeftPart(UriPartial.Authority) + Names.Apply(recorded.Target));
        var request = new HttpRequestMessage(HttpMethod.Parse(recorded.Method), address) { Content = Content(recorded) };
        request.Headers.TryAddWithoutValidation("User-Agent", "rec/1.0");
        foreach (var (name, value) in recorded.Headers ?? [])
        {
            if (name == "content-type")
            {
                request.Content?.Headers.TryAddWithoutValidation("Content-Type", value);
            }
            else
            {
                request.Headers.TryAddWithoutValidation(name, name == "cookie" ? WithoutCache(Names.Apply(value)) : Names.Apply(value));
            }
        }

        return request;
    }

    private ByteArrayContent? Content(RecordedRequest recorded)
    {
        if (recorded.Body.ValueKind == JsonValueKind.Undefined)
        {
            return null;
        }

        var content = new ByteArrayContent(Encoding.UTF8.GetBytes(Names.Apply(Text(recorded.Body))));
        content.Headers.ContentType = null;

        return content;
    }

    private static string Text(JsonElement body)
    {
        if (body.ValueKind == JsonValueKind.Object && body.TryGetProperty("raw", out var raw))
        {
            return raw.GetString()!;
        }

        return body.ValueKind == JsonValueKind.Object && body.TryGetProperty("form", out var form)
            ? string.Join('&', form.EnumerateObject().Select(field => $"{field.Name}={Uri.EscapeDataString(field.Value.GetString()!)}"))
            : body.GetRawText();
    }

    /// <summary>A browser does not send back a cookie it was never given.</summary>
    private static string WithoutCache(string cookies) =>
        string.Join("; ", cookies.Split("; ").Where(cookie => !cookie.EndsWith("session_data=(cache)", StringComparison.Ordinal)));

    /// <summary>Both sides of everything, for whoever looks for the reason of a difference.</summary>
    private static void Write(string recording, IEnumerable<Replayed> played)
    {
        var folder = Directory.CreateDirectory(Repository.Full("artifacts/replay"));
        var text = new StringBuilder();
        foreach (var one in played)
        {
            var (request, answer) = (one.Exchange.Request, one.Exchange.Answer);
            var verdict = $"{one.Standing} {(one.Difference is "" ? "equal" : one.Difference)}";
            text.AppendLine(CultureInfo.InvariantCulture, $"#{one.Exchange.Number} {one.Exchange.Label}: {verdict}");
            text.AppendLine(
                CultureInfo.InvariantCulture,
                $"  {request.Method} {request.Target} {Lines(request.Headers)} {Shown(request.Body)}"
            );
            text.AppendLine(
                CultureInfo.InvariantCulture,
                $"  reference {answer.Status} {Shown(answer.Body)} {Lines(answer.Headers)} {string.Join(" | ", answer.SetCookies)}"
            );
            text.AppendLine(
                CultureInfo.InvariantCulture,
                $"  ours      {one.Ours.Status} {one.Ours.Body} {one.Ours.Header("location")} {string.Join(" | ", one.Ours.SetCookies)}"
            );
            text.AppendLine();
        }

        File.WriteAllText(Path.Combine(folder.FullName, recording.Replace(' ', '-') + ".txt"), text.ToString());
    }

    private static string Shown(JsonElement body) => body.ValueKind == JsonValueKind.Undefined ? "" : body.GetRawText();

    private static string Lines(Dictionary<string, string>? headers) =>
        string.Join(" | ", (headers ?? []).Select(header => $"{header.Key}: {header.Value}"));
}
