using System.Text;
using System.Text.Json.Nodes;

namespace Mana.Build.Tour;

/// <summary>One request and its answer, kept as a person would like to see them when something is wrong.</summary>
internal sealed record Exchange(string Request, int Status, IReadOnlyDictionary<string, string> Headers, string Body)
{
    /// <summary>The body as JSON, or null when it is none (or the JSON null).</summary>
    public JsonNode? Json
    {
        get
        {
            try
            {
                return JsonNode.Parse(Body);
            }
            catch (System.Text.Json.JsonException)
            {
                return null;
            }
        }
    }

    /// <summary>The text at a path of member names and positions; empty when there is nothing.</summary>
    public string Text(params object[] path)
    {
        var node = Json;
        foreach (var step in path)
        {
            node = (node, step) switch
            {
                (JsonObject members, string name) => members[name],
                (JsonArray items, int position) when position < items.Count => items[position],
                _ => null,
            };
        }
        return node?.ToString() ?? "";
    }

    public override string ToString()
    {
        var text = new StringBuilder().AppendLine(Request).AppendLine().Append("answer ").Append(Status).AppendLine();
        foreach (var (name, value) in Headers)
        {
            text.Append(name).Append(": ").AppendLine(value);
        }
        return text.AppendLine().Append(Body).ToString();
    }
}
