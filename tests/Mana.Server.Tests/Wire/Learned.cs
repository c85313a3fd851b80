using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Mana.Specs.World;

namespace Mana.Specs.Wire;

/// <summary>
/// What was called one thing in the recording and is called another here: addresses, ids, tokens, signed cookies. Each is learned from the
/// first pair of answers it appears in, and then replaced wherever it stands in a later request or a recorded answer.
/// </summary>
public sealed partial class Learned
{
    /// <summary>Shorter text is no secret and no id, and could be part of anything.</summary>
    private const int LengthMin = 9;

    private readonly Dictionary<string, string> _names = new(StringComparer.Ordinal);

    public void Learn(string recorded, string ours)
    {
        if (recorded.Length >= LengthMin && ours.Length > 0 && recorded != ours && _names.TryAdd(recorded, ours))
        {
            _names.TryAdd(Uri.EscapeDataString(recorded), Uri.EscapeDataString(ours));
            _names.TryAdd(recorded.ToLowerInvariant(), ours.ToLowerInvariant());
        }
    }

    public bool Knows(string recorded) => _names.ContainsKey(recorded);

    public string Apply(string text) =>
        _names
            .OrderByDescending(name => name.Key.Length)
            .Aggregate(text, (result, name) => result.Replace(name.Key, name.Value, StringComparison.Ordinal));

    public void LearnFrom(RecordedAnswer recorded, Reply ours)
    {
        foreach (var (theirs, mine) in recorded.SetCookies.Zip(ours.SetCookies))
        {
            Cookie(theirs, mine);
        }

        if (ours.Body.Length > 0 && Comparison.TryParse(ours.Body, out var body))
        {
            Json(recorded.Json, body);
        }
    }

    private void Cookie(string recorded, string ours)
    {
        var (theirs, mine) = (Value(recorded), Value(ours));
        if (theirs.Length == 0 || mine.Length == 0 || !theirs.Contains('.', StringComparison.Ordinal))
        {
            return;
        }

        Learn(Uri.UnescapeDataString(theirs), Uri.UnescapeDataString(mine));
        Learn(theirs[..theirs.LastIndexOf('.')], mine[..mine.LastIndexOf('.')]);

        static string Value(string cookie) => cookie[(cookie.IndexOf('=', StringComparison.Ordinal) + 1)..].Split(';')[0];
    }

    private void Json(JsonNode? recorded, JsonNode? ours)
    {
        switch (recorded, ours)
        {
            case (JsonObject theirs, JsonObject mine):
                foreach (var (name, value) in theirs)
                {
                    Json(value, mine[name]);
                }

                break;
            case (JsonArray theirs, JsonArray mine):
                foreach (var (one, other) in theirs.Zip(mine))
                {
                    Json(one, other);
                }

                break;
            case (JsonValue theirs, JsonValue mine)
                when theirs.TryGetValue(out string? one) && mine.TryGetValue(out string? other) && IsName(theirs.GetPropertyName(), one):
                Learn(one, other);
                break;
        }
    }

    private static bool IsName(string member, string value) =>
        (member is "id" or "token" or "kid" || member.EndsWith("Id", StringComparison.Ordinal)) && Opaque().IsMatch(value);

    [GeneratedRegex("^[A-Za-z0-9_-]+$")]
    private static partial Regex Opaque();
}
