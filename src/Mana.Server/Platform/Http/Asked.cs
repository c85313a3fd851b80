using System.Globalization;
using System.Text.RegularExpressions;

namespace Mana.Platform.Http;

/// <summary>What a query asks for, taken one by one; the first problem is kept and is the answer.</summary>
public sealed partial class Asked(IQueryCollection query)
{
    /// <summary>The most rows of one page.</summary>
    private const int LimitMax = 200;

    private const int LimitDefault = 50;

    /// <summary>The refusal of the first thing that was wrong; null when nothing was.</summary>
    public Refusal? Wrong { get; private set; }

    public bool Has(string name) => query.ContainsKey(name);

    /// <summary>How many rows a page has: 1 to 200, otherwise 50.</summary>
    public int Limit() => Whole("limit", LimitDefault, 1, LimitMax);

    /// <param name="advice">What to do instead, where there is something.</param>
    public int Whole(string name, int fallback, int min, int max, string advice = "")
    {
        var text = query[name].ToString();
        if (text.Length == 0)
        {
            return fallback;
        }

        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max)
        {
            return number;
        }

        return Note(fallback, $"{name}: must be a whole number between {min} and {max}{advice}");
    }

    /// <summary>Null when it was not asked for.</summary>
    public Guid? Id(string name)
    {
        if (!Has(name))
        {
            return null;
        }

        return Guid.TryParse(query[name].ToString(), out var id) ? id : Note<Guid?>(null, $"{name}: must be an id");
    }

    /// <summary>An instant of RFC 3339 with its offset.</summary>
    public DateTimeOffset Instant(string name)
    {
        var text = query[name].ToString();
        if (Syntax().IsMatch(text) && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out var instant))
        {
            return instant.ToUniversalTime();
        }

        return Note(default(DateTimeOffset), $"{name}: must be an instant such as 2026-12-31T23:59:59Z");
    }

    /// <summary>A word to narrow by; null when there is none.</summary>
    public string? Word(string name) => query[name].ToString() is { Length: > 0 } word ? word : null;

    private T Note<T>(T instead, string issue)
    {
        Wrong ??= Refusals.Validation with { Message = issue, Errors = [issue] };

        return instead;
    }

    [GeneratedRegex(
        @"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,7})?(?:Z|[+-]\d\d:\d\d)\z",
        RegexOptions.CultureInvariant | RegexOptions.NonBacktracking
    )]
    private static partial Regex Syntax();
}
