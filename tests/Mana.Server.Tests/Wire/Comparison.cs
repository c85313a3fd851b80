using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Mana.Specs.World;

namespace Mana.Specs.Wire;

/// <summary>
/// What differs between two answers: status, code and message; names, attributes and values of cookies; where it leads; the headers clients
/// read; members of the body, their types and, unless they are new with every run, their values.
/// </summary>
public static partial class Comparison
{
    /// <summary>Headers whose presence says something and whose value is new every time.</summary>
    private static readonly string[] Present = ["set-auth-jwt", "set-auth-token"];

    /// <summary>Headers that are compared as they stand where the reference sends them.</summary>
    private static readonly string[] Equal = ["location", "cache-control", "pragma", "x-retry-after"];

    public static bool TryParse(string body, out JsonNode? json)
    {
        try
        {
            json = JsonNode.Parse(body);
            return true;
        }
        catch (JsonException)
        {
            json = null;
            return false;
        }
    }

    /// <param name="expected">What the reference answered, in our names.</param>
    public static IReadOnlyList<string> Of(Expected expected, Reply ours) =>
        [
            .. Status(expected, ours),
            .. Cookies(expected.SetCookies, ours.SetCookies),
            .. Headers(expected, ours),
            .. Bodies(expected, ours),
        ];

    private static IEnumerable<string> Status(Expected expected, Reply ours)
    {
        var (theirs, mine) = (Outcome(expected.Status, expected.Body), Outcome(ours.Status, Parsed(ours)));
        if (theirs.Said != mine.Said)
        {
            yield return $"{theirs.Said} → {mine.Said}";
        }
        else if (theirs.Message != mine.Message)
        {
            yield return $"\"{theirs.Message}\" → \"{mine.Message}\"";
        }
    }

    private static (string Said, string? Message) Outcome(int status, JsonNode? body)
    {
        var refusal = status >= 400 ? body as JsonObject : null;
        var said = $"{status.ToString(CultureInfo.InvariantCulture)} {refusal?["code"]}".TrimEnd();

        return (said, refusal?["message"]?.ToString());
    }

    private static IEnumerable<string> Cookies(IReadOnlyList<string> theirs, IReadOnlyList<string> ours)
    {
        var (names, mine) = (theirs.Select(Short).ToArray(), ours.Select(Short).ToArray());
        if (!names.SequenceEqual(mine))
        {
            yield return $"cookies [{string.Join(", ", names)}] → [{string.Join(", ", mine)}]";
            yield break;
        }

        foreach (var (one, other) in theirs.Zip(ours).Where(pair => Attributes(pair.First) != Attributes(pair.Second)))
        {
            yield return $"cookie {Short(one)}:{Attributes(one)} →{Attributes(other)}";
        }

        foreach (var (one, other) in theirs.Zip(ours).Where(pair => Pair(pair.First) != Pair(pair.Second)))
        {
            yield return $"cookie {Short(one)} has another value";
        }

        static string Pair(string cookie) => cookie.Split(';')[0];
        static string Attributes(string cookie) => cookie[Pair(cookie).Length..].TrimStart(';');
        static string Short(string cookie) =>
            Token().Replace(Pair(cookie).Split('=')[0], "multi-…") + (Pair(cookie).EndsWith('=') ? " cleared" : "");
    }

    private static IEnumerable<string> Headers(Expected expected, Reply ours)
    {
        foreach (var name in Present)
        {
            if (expected.Header(name) is null != ours.Header(name) is null)
            {
                yield return ours.Header(name) is null ? $"{name} is missing" : $"{name} is there";
            }
        }

        foreach (var name in Equal)
        {
            var (theirs, mine) = (expected.Header(name), ours.Header(name));
            if (theirs is not null && theirs != mine || (name == "location" && theirs != mine))
            {
                yield return $"{name} {theirs ?? "none"} → {mine ?? "none"}";
            }
        }

        var (type, kind) = (expected.Header("content-type") ?? "none", ours.Header("content-type") ?? "none");
        if (type != kind.Split(';')[0])
        {
            yield return $"content-type {type} → {kind}";
        }
    }

    private static IEnumerable<string> Bodies(Expected expected, Reply ours)
    {
        // Another outcome has another body, and has been reported.
        if (expected.Status != ours.Status || expected.Status >= 400 || expected.IsPage)
        {
            return expected.IsEmpty != (ours.Body.Length == 0) && expected.Status == ours.Status ? ["body is empty in one only"] : [];
        }

        return expected.IsEmpty || ours.Body.Length == 0
            ? expected.IsEmpty == (ours.Body.Length == 0)
                ? []
                : [$"body {(expected.IsEmpty ? "none" : "some")} → {(expected.IsEmpty ? "some" : "none")}"]
            : Nodes(expected.Body, Parsed(ours), "", "");
    }

    private static IEnumerable<string> Nodes(JsonNode? theirs, JsonNode? mine, string path, string member)
    {
        switch (theirs, mine)
        {
            case (JsonObject one, JsonObject other):
                return one.Select(pair => pair.Key)
                    .Union(other.Select(pair => pair.Key))
                    .SelectMany(name => Members(one, other, path.Length == 0 ? name : $"{path}.{name}", name));
            case (JsonArray one, JsonArray other):
                return one.Count == other.Count
                    ? one.Zip(other).SelectMany(pair => Nodes(pair.First, pair.Second, $"{path}[]", member))
                    : [$"{(path.Length == 0 ? "body" : path)} has {one.Count} → {other.Count}"];
            default:
                var (expected, found) = (Shown(theirs, member), Shown(mine, member));
                return expected == found ? [] : [$"{(path.Length == 0 ? "body" : path)} {expected} → {found}"];
        }
    }

    private static IEnumerable<string> Members(JsonObject one, JsonObject other, string path, string name) =>
        !other.ContainsKey(name) ? [$"{path} is missing"]
        : !one.ContainsKey(name) ? [$"{path} is there"]
        : Nodes(one[name], other[name], path, name);

    /// <summary>A value, or its kind where it is another one with every run.</summary>
    private static string Shown(JsonNode? node, string member)
    {
        if (node is not JsonValue value || !value.TryGetValue(out string? text))
        {
            return node is JsonObject or JsonArray ? node.GetValueKind().ToString() : node?.ToJsonString() ?? "null";
        }

        return Date().IsMatch(text) ? "a date"
            : text.Length > 0 && (member is "id" or "token" or "kid" or "x" || member.EndsWith("Id", StringComparison.Ordinal)) ? "text"
            : $"\"{text}\"";
    }

    private static JsonNode? Parsed(Reply ours) => TryParse(ours.Body, out var json) ? json : null;

    [GeneratedRegex(@"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$")]
    private static partial Regex Date();

    [GeneratedRegex("multi-[A-Za-z0-9_-]+")]
    private static partial Regex Token();
}
