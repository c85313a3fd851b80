using System.Text.Json.Nodes;

namespace Mana.Specs.Wire;

/// <summary>
/// A recorded answer in our names, as the reference would give it in the configuration we equal (ruling 2): some of what a recording shows
/// is there only because its configuration was another one, and that is put right here, each by a rule that is named and counted.
/// </summary>
public sealed class Expected
{
    public const string AdminFields = "members of the admin plugin in user objects";

    public const string Teams = "the team of a session";

    public const string CookieCache = "cookie cache";

    public const string Address = "address of the client, which the reference could not see";

    private static readonly string[] WithAdmin = ["b", "d"];

    private readonly IReadOnlyDictionary<string, string> _headers;

    private readonly List<string> _rules = [];

    public Expected(Exchange exchange, Learned names)
    {
        Status = exchange.Answer.Status;
        _headers = (exchange.Answer.Headers ?? []).ToDictionary(header => header.Key, header => names.Apply(header.Value));
        SetCookies = [.. exchange.Answer.SetCookies.Select(names.Apply)];
        Body = exchange.Answer.Json is { } body ? JsonNode.Parse(names.Apply(body.ToJsonString())) : null;
        IsEmpty = exchange.Answer.Body.ValueKind == System.Text.Json.JsonValueKind.Undefined;
        IsPage = Header("content-type") == "text/html";
        if (!WithAdmin.Contains(exchange.Configuration) && Users(Body).ToList() is { Count: > 0 } users)
        {
            _rules.Add(AdminFields);
            users.ForEach(Complete);
        }

        if (!WithAdmin.Contains(exchange.Configuration))
        {
            foreach (var session in Having(Body, "ipAddress"))
            {
                session["impersonatedBy"] = null;
            }
        }
        else if (Having(Body, "activeTeamId").ToList() is { Count: > 0 } inTeams)
        {
            _rules.Add(Teams);
            inTeams.ForEach(session => session.Remove("activeTeamId"));
        }

        if (exchange.Request.Headers?.ContainsKey("x-forwarded-for") != true && Sessions(Body).ToList() is { Count: > 0 } sessions)
        {
            _rules.Add(Address);
            sessions.ForEach(session => session["ipAddress"] = "127.0.0.1");
        }

        if (exchange.Configuration.StartsWith("c-", StringComparison.Ordinal) && Array.Exists(SetCookies, IsCache))
        {
            // What the reference caches, and what it clears once more because a cache may be in several pieces.
            _rules.Add(CookieCache);
            SetCookies = [.. SetCookies.Where(cookie => !IsCache(cookie) || cookie.Contains("=;", StringComparison.Ordinal)).Distinct()];
        }
    }

    public int Status { get; }

    public string[] SetCookies { get; }

    public JsonNode? Body { get; }

    public bool IsEmpty { get; }

    /// <summary>HTML, which is for people and not compared.</summary>
    public bool IsPage { get; }

    /// <summary>What was put right.</summary>
    public IReadOnlyList<string> Rules => _rules;

    public string? Header(string name) => _headers.GetValueOrDefault(name);

    private static IEnumerable<JsonObject> Users(JsonNode? body) => Having(body, "twoFactorEnabled");

    private static IEnumerable<JsonObject> Sessions(JsonNode? body) =>
        Having(body, "ipAddress").Where(session => session["ipAddress"]?.ToString() == "");

    private static IEnumerable<JsonObject> Having(JsonNode? node, string member) =>
        node switch
        {
            JsonObject found when found.ContainsKey(member) => [found],
            JsonObject other => other.SelectMany(inner => Having(inner.Value, member)),
            JsonArray list => list.SelectMany(item => Having(item, member)),
            _ => [],
        };

    private static void Complete(JsonObject user)
    {
        user["role"] = "user";
        user["banned"] = false;
        user["banReason"] = null;
        user["banExpires"] = null;
    }

    private static bool IsCache(string cookie) => cookie.Contains(".session_data=", StringComparison.Ordinal);
}
