using System.Globalization;

namespace Mana;

/// <summary>Reads the environment by declaration and collects every problem before it complains once.</summary>
internal sealed class SettingsReader(IReadOnlyDictionary<string, string> environment)
{
    private readonly List<string> _problems = [];

    private bool IsDevelopment => Find("ASPNETCORE_ENVIRONMENT") == "Development";

    /// <summary>The declarations in the order they were read; the reference page is made of them.</summary>
    public List<SettingDeclaration> Declarations { get; } = [];

    public string Text(string name, string fallback, string meaning)
    {
        Declare(name, fallback, meaning, secret: false);

        return Find(name) ?? fallback;
    }

    public string? Optional(string name, string meaning, bool secret = false)
    {
        Declare(name, "", meaning, secret);

        return Find(name);
    }

    public string Required(string name, string meaning, bool secret)
    {
        Declare(name, "", meaning, secret, isRequired: true);
        if (Find(name) is { } value)
        {
            return value;
        }

        _problems.Add($"{name} is missing.");
        return "";
    }

    /// <summary>Outside Development it must be set, long enough, and not the default everybody knows.</summary>
    public string Secret(string name, string developmentDefault, int lengthMin, string meaning)
    {
        Declare(name, "", meaning, secret: true, isRequired: true, $"at least {lengthMin} characters");
        var value = Find(name);
        if (IsDevelopment)
        {
            return value ?? developmentDefault;
        }

        ProblemIfUndecided(name, value, developmentDefault);
        if (value is not null && value != developmentDefault && value.Length < lengthMin)
        {
            _problems.Add($"{name} is shorter than {lengthMin} characters.");
        }

        return value ?? developmentDefault;
    }

    public Uri Address(string name, string developmentDefault, string meaning)
    {
        var isRequired = name == "BASE_URL";
        Declare(name, developmentDefault, meaning, secret: false, isRequired, "an http or https address");
        var value = Find(name);
        if (isRequired)
        {
            ProblemIfUndecided(name, value, developmentDefault);
        }

        if (!Uri.TryCreate(value ?? developmentDefault, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
        {
            _problems.Add($"{name} is not an http or https address.");
            return new Uri(developmentDefault);
        }

        return address;
    }

    public IReadOnlyList<string> List(string name, string fallback, string meaning, bool inProduction = false, bool secret = false)
    {
        Declare(name, fallback, meaning, secret, inProduction);
        var value = Find(name);
        if (inProduction)
        {
            ProblemIfUndecided(name, value, fallback);
        }

        return (value ?? fallback).Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
    }

    public int Whole(string name, int fallback, int min, int max, string meaning) => (int)Number(name, fallback, min, max, meaning);

    public long Amount(string name, long fallback, string meaning) => Number(name, fallback, 0, 1_000_000_000_000, meaning);

    public bool Flag(string name, bool fallback, string meaning) => Flag(name, (bool?)fallback, meaning)!.Value;

    public bool? Flag(string name, bool? fallback, string meaning)
    {
        Declare(
            name,
            fallback switch
            {
                true => "on",
                false => "off",
                null => "",
            },
            meaning,
            secret: false,
            allowed: "on, off"
        );
        switch (Find(name))
        {
            case null:
                return fallback;
            case "on" or "true" or "1":
                return true;
            case "off" or "false" or "0":
                return false;
            default:
                _problems.Add($"{name} is neither on nor off.");
                return fallback ?? false;
        }
    }

    public string OneOf(string name, string fallback, string[] values, string meaning)
    {
        Declare(name, fallback, meaning, secret: false, allowed: string.Join(", ", values));
        var value = Find(name) ?? fallback;
        ProblemUnless(values.Contains(value, StringComparer.Ordinal), $"{name} is not one of {string.Join(", ", values)}.");

        return value;
    }

    /// <summary>A whole number and a unit: s, m, h or d.</summary>
    public TimeSpan Duration(string name, string fallback, TimeSpan min, TimeSpan max, string meaning)
    {
        Declare(name, fallback, meaning, secret: false, allowed: $"{Words(min)} to {Words(max)}");
        if (Parse(Find(name) ?? fallback) is not { } duration)
        {
            _problems.Add($"{name} is not a duration such as 15m or 7d.");
            return min;
        }

        ProblemUnless(duration >= min && duration <= max, $"{name} is not between {min} and {max}.");
        return duration;
    }

    public void ProblemUnless(bool isRight, string problem)
    {
        if (!isRight)
        {
            _problems.Add(problem);
        }
    }

    /// <summary>Tries now what start-up does with a value later, so that its problem is named with all the others. Unset is no problem.</summary>
    public void ProblemIfUnusable(string name, Action<string> use, string problem)
    {
        try
        {
            if (Find(name) is { } value)
            {
                use(value);
            }
        }
        catch (Exception unusable) when (unusable is FormatException or ArgumentException)
        {
            _problems.Add($"{name} {problem}"); // the cause might quote a piece of the value
        }
    }

    public void ThrowIfWrong()
    {
        if (_problems.Count > 0)
        {
            throw new SettingsException(_problems);
        }
    }

    /// <summary>Outside Development nobody may rely on what a fresh checkout assumes (ruling 25).</summary>
    private void ProblemIfUndecided(string name, string? value, string developmentDefault)
    {
        if (IsDevelopment)
        {
            return;
        }

        ProblemUnless(value is not null, $"{name} is missing.");
        ProblemUnless(value != developmentDefault, $"{name} is the default of development.");
    }

    private static TimeSpan? Parse(string text)
    {
        if (
            text.Length < 2
            || !int.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        )
        {
            return null;
        }

        return text[^1] switch
        {
            's' => TimeSpan.FromSeconds(number),
            'm' => TimeSpan.FromMinutes(number),
            'h' => TimeSpan.FromHours(number),
            'd' => TimeSpan.FromDays(number),
            _ => null,
        };
    }

    private static string Words(TimeSpan duration) =>
        duration switch
        {
            { Ticks: 0 } => "0s",
            { TotalDays: >= 2 } => string.Create(CultureInfo.InvariantCulture, $"{duration.TotalDays}d"),
            { TotalMinutes: >= 1 } => string.Create(CultureInfo.InvariantCulture, $"{duration.TotalMinutes}m"),
            _ => string.Create(CultureInfo.InvariantCulture, $"{duration.TotalSeconds}s"),
        };

    private long Number(string name, long fallback, long min, long max, string meaning)
    {
        var allowed = string.Create(CultureInfo.InvariantCulture, $"{min} to {max}");
        Declare(name, fallback.ToString(CultureInfo.InvariantCulture), meaning, secret: false, allowed: allowed);
        if (Find(name) is not { } text)
        {
            return fallback;
        }

        if (!long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) || value < min || value > max)
        {
            _problems.Add($"{name} is not a whole number between {min} and {max}.");
            return fallback;
        }

        return value;
    }

    private void Declare(string name, string fallback, string meaning, bool secret, bool isRequired = false, string? allowed = null) =>
        Declarations.Add(new SettingDeclaration(name, fallback, meaning, secret, isRequired, allowed));

    // An empty string counts as unset: compose files write NAME= for what nobody filled in.
    private string? Find(string name) => environment.TryGetValue(name, out var value) && value.Length > 0 ? value : null;
}

/// <summary>One line of the reference page.</summary>
/// <param name="Default">As it would be written; empty when there is none.</param>
/// <param name="Allowed">Bounds or words, for people; null when any text will do.</param>
public sealed record SettingDeclaration(
    string Name,
    string Default,
    string Meaning,
    bool IsSecret = false,
    bool IsRequiredInProduction = false,
    string? Allowed = null
);

/// <summary>Everything that is wrong with the settings, by name, without values.</summary>
public sealed class SettingsException(IReadOnlyList<string> problems) : Exception(string.Join(Environment.NewLine, problems))
{
    public IReadOnlyList<string> Problems { get; } = problems;
}
