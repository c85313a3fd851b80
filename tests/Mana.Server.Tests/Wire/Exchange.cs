using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using Mana.Specs.Tidy;

namespace Mana.Specs.Wire;

/// <summary>
/// One request that was sent to the reference, Better Auth 1.7.24, and what it answered. <c>transcript.jsonl</c> holds them in the order of
/// the recording: of 992 those whose path belongs to no plugin we do not have yet, which are <c>/two-factor</c>, <c>/passkey</c>,
/// <c>/organization</c>, <c>/admin</c>, <c>/api-key</c>, <c>/magic-link</c>, <c>/sign-in/magic-link</c> and what belongs to social sign-in
/// (<c>/sign-in/social</c>, <c>/callback</c>, <c>/link-social</c>, <c>/unlink-account</c>, <c>/get-access-token</c>, <c>/refresh-token</c>,
/// <c>/account-info</c>). What is left is core, bearer, JWT and multi-session.
/// </summary>
/// <param name="Number">In the whole recording.</param>
/// <param name="Run">The script that sent it.</param>
/// <param name="Configuration">How the reference was set up (wire section 0.1).</param>
public sealed record Exchange(
    [property: JsonPropertyName("n")] int Number,
    string Run,
    [property: JsonPropertyName("conf")] string Configuration,
    string Label,
    [property: JsonPropertyName("req")] RecordedRequest Request,
    [property: JsonPropertyName("res")] RecordedAnswer Answer
)
{
    private static readonly Lazy<IReadOnlyList<Exchange>> Transcript = new(() =>
        [
            .. Repository
                .Read("tests/Mana.Server.Tests/Wire/transcript.jsonl")
                .Text.Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => JsonSerializer.Deserialize<Exchange>(line, JsonSerializerOptions.Web)!),
        ]
    );

    public static IReadOnlyList<Exchange> All => Transcript.Value;

    /// <summary>Exchanges of one recording share people, cookies and mails. Only those of <c>c-compact</c> go on where the run before ended.</summary>
    public string Recording => Configuration.StartsWith("c-", StringComparison.Ordinal) ? Configuration : $"{Run} {Configuration}";

    /// <summary>Where the reference was reached, which a request of the recording may name.</summary>
    public string RecordedOrigin =>
        Configuration switch
        {
            "a" => "http://localhost:4801",
            "b" => "http://localhost:4802",
            "d" => "http://localhost:4804",
            "e" => "http://localhost:4807",
            _ => "https://auth.example.com",
        };

    /// <summary>Method and path as a route names them: <c>POST /api/auth/sign-in/email</c>.</summary>
    public string Endpoint => $"{Request.Method} {Request.Target.Split('?')[0].TrimEnd('/')}";

    /// <summary>What the reference says where it has no endpoint (wire section 1.1).</summary>
    public bool IsNothing => Answer.Status == 404 && Answer.Body.ValueKind == JsonValueKind.Undefined;
}

/// <param name="Path">Below the base path, or the whole address as a mail had it.</param>
/// <param name="Body">Undefined when there was none; <c>{"raw":…}</c> and <c>{"form":…}</c> when it was not JSON.</param>
public sealed partial record RecordedRequest(string Method, string Path, Dictionary<string, string>? Headers, JsonElement Body)
{
    public bool IsLink => Path.StartsWith("http", StringComparison.Ordinal);

    /// <summary>Path and query on the server.</summary>
    public string Target =>
        IsLink ? Host().Replace(Path, "")
        : Path.StartsWith("//", StringComparison.Ordinal) ? Path
        : "/api/auth" + Path;

    [GeneratedRegex("^https?://[^/]+")]
    private static partial Regex Host();
}

/// <param name="Body">Undefined when it was empty.</param>
public sealed record RecordedAnswer(int Status, Dictionary<string, string>? Headers, string[]? SetCookie, JsonElement Body)
{
    public string? Header(string name) => Headers?.GetValueOrDefault(name);

    public IReadOnlyList<string> SetCookies => SetCookie ?? [];

    public JsonNode? Json => Body.ValueKind is JsonValueKind.Undefined ? null : JsonNode.Parse(Body.GetRawText());
}
