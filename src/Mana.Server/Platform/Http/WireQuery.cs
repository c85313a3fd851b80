namespace Mana.Platform.Http;

/// <summary>What a query of the wire says, taken one by one; the first problem is kept, in the words of its validator (wire section 1.4).</summary>
public sealed class WireQuery(IQueryCollection query)
{
    /// <summary>The refusal of the first thing that was wrong; null when nothing was.</summary>
    public Refusal? Wrong { get; private set; }

    public string Text(string name) => query[name] is [{ } only] ? only : Note(name);

    /// <summary>Empty when it is not there.</summary>
    public string OptionalText(string name) => query[name].Count > 1 ? Note(name) : query[name].ToString();

    private string Note(string name)
    {
        var received = query[name].Count == 0 ? "undefined" : "array";
        Wrong ??= Refusals.Validation with
        {
            BetterAuth = new("VALIDATION_ERROR", $"[query.{name}] Invalid input: expected string, received {received}"),
        };

        return "";
    }
}
