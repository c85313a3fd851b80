using System.Text.Json;
using System.Text.RegularExpressions;
using Mana.Platform.Database;

namespace Mana.Platform.Http;

/// <summary>
/// The members of a JSON body, taken one by one. Each problem is noted in the words of the surface: a short sentence on
/// <c>/api/v1</c>, the validator text of Better Auth on <c>/api/auth</c> (wire section 1.4).
/// </summary>
public sealed partial class Fields(JsonElement? body, Surface surface)
{
    private const long AmountMax = 1_000_000_000_000;

    private const int EmailLengthMax = 255;

    private const int EmailLocalLengthMax = 64;

    private readonly List<string> _issues = [];

    private readonly HashSet<string> _known = new(StringComparer.Ordinal);

    public IReadOnlyList<string> Issues => _issues;

    public string Text(string name, int min = 0, int max = int.MaxValue)
    {
        if (Member(name) is not { ValueKind: JsonValueKind.String } member)
        {
            Wrong(name, "string", "must be a string");
            return "";
        }

        return Sized(name, member.GetString()!, min, max);
    }

    public string? OptionalText(string name, int min = 0, int max = int.MaxValue)
    {
        if (Member(name) is not { } member || (member.ValueKind == JsonValueKind.Null && surface == Surface.Mana))
        {
            return null;
        }

        if (member.ValueKind != JsonValueKind.String)
        {
            Wrong(name, "string", "must be a string");
            return null;
        }

        return Sized(name, member.GetString()!, min, max);
    }

    /// <summary>Where something leads in the end; an empty text leads nowhere, as none at all does.</summary>
    public string? OptionalTarget(string name, int max = int.MaxValue) =>
        OptionalText(name, max: max) is { Length: > 0 } target ? target : null;

    /// <summary>The member is there, be it null.</summary>
    public bool Has(string name) => Member(name) is not null;

    /// <summary>The member is there and a script would take it for true: the wire asks this of members nobody may set (section 7.13).</summary>
    public bool IsTruthy(string name) =>
        Member(name) is { } member
        && member.ValueKind switch
        {
            JsonValueKind.Null or JsonValueKind.False => false,
            JsonValueKind.String => member.GetString()!.Length > 0,
            JsonValueKind.Number => !member.TryGetDouble(out var number) || number != 0,
            _ => true,
        };

    /// <summary>A text, or null, which clears what is stored; <see cref="Has"/> tells it from an absent one.</summary>
    public string? ClearableText(string name, int max) =>
        Member(name) is { ValueKind: JsonValueKind.Null } ? null : OptionalText(name, max: max);

    /// <summary>A valid address in lower case. Our surface trims blanks, the wire refuses them (ruling 32a).</summary>
    public string Email(string name)
    {
        if (Member(name) is not { ValueKind: JsonValueKind.String } member)
        {
            Wrong(name, "string", "must be a valid e-mail address");
            return "";
        }

        var text = member.GetString()!;
        text = surface == Surface.Mana ? text.Trim() : text;
        if (!IsEmail(text))
        {
            Note(name, "Invalid email address", "must be a valid e-mail address");
        }

        return text.ToLowerInvariant();
    }

    /// <summary>
    /// Syntax of the wire's validator (section 1.4), bounded as mail servers do (RFC 5321, 4.5.3.1.1): no Unicode, at least two letters at the
    /// end.
    /// </summary>
    public static bool IsEmail(string text) =>
        text.Length <= EmailLengthMax && text.IndexOf('@', StringComparison.Ordinal) <= EmailLocalLengthMax && EmailSyntax().IsMatch(text);

    public bool? OptionalFlag(string name)
    {
        if (Member(name) is not { } member || (member.ValueKind == JsonValueKind.Null && surface == Surface.Mana))
        {
            return null;
        }

        if (member.ValueKind is JsonValueKind.True or JsonValueKind.False)
        {
            return member.GetBoolean();
        }

        Wrong(name, "boolean", "must be true or false");
        return null;
    }

    /// <summary>A whole number written as one: no fraction, exponent or string (ruling 16).</summary>
    public long Whole(string name, long min, long max)
    {
        if (
            Member(name) is { ValueKind: JsonValueKind.Number } member
            && !member.GetRawText().AsSpan().ContainsAny('.', 'e', 'E')
            && member.TryGetInt64(out var number)
            && number >= min
            && number <= max
        )
        {
            return number;
        }

        Note(name, "Invalid input: expected number", $"must be a whole number between {min} and {max}");
        return min;
    }

    /// <summary>Credits: 1 to 10^12 (ruling 16).</summary>
    public long Amount(string name) => Whole(name, 1, AmountMax);

    public long? OptionalAmount(string name) => OptionalWhole(name, 1, AmountMax);

    /// <summary>A whole number that may be left out.</summary>
    public long? OptionalWhole(string name, long min, long max) =>
        Member(name) is null or { ValueKind: JsonValueKind.Null } ? null : Whole(name, min, max);

    public Guid Id(string name)
    {
        if (Member(name) is { ValueKind: JsonValueKind.String } member && member.TryGetGuid(out var id))
        {
            return id;
        }

        Note(name, "Invalid UUID", "must be a UUID");
        return Guid.Empty;
    }

    /// <summary>An instant of RFC 3339 with its offset, or null; in whole milliseconds, as everything that is stored.</summary>
    public DateTimeOffset? OptionalInstant(string name)
    {
        if (Member(name) is not { } member || member.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        if (
            member.ValueKind == JsonValueKind.String
            && member.GetString() is { } text
            && Instant().IsMatch(text)
            && member.TryGetDateTimeOffset(out var instant)
        )
        {
            return instant.InMilliseconds();
        }

        Note(name, "Invalid ISO datetime", "must be an instant such as 2026-12-31T23:59:59Z");
        return null;
    }

    /// <summary>A JSON object as its text, or null.</summary>
    public string? OptionalObject(string name)
    {
        if (Member(name) is not { } member || member.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        if (member.ValueKind == JsonValueKind.Object)
        {
            if (JsonbText.Of(member.GetRawText()) is { } kept)
            {
                return kept;
            }

            Wrong(name, "record", "holds text or a number that cannot be kept");
            return null;
        }

        Wrong(name, "record", "must be an object");
        return null;
    }

    public void RefuseUnknown()
    {
        if (body is { ValueKind: JsonValueKind.Object } members)
        {
            foreach (var member in members.EnumerateObject().Where(member => !_known.Contains(member.Name)))
            {
                Note(member.Name, "Unrecognized key", "is not a known member");
            }
        }
    }

    public void Note(string name, string wire, string sentence) =>
        _issues.Add(surface == Surface.BetterAuth ? $"[body.{name}] {wire}" : $"{name}: {sentence}");

    private string Sized(string name, string text, int min, int max)
    {
        if (text.Length < min)
        {
            Note(name, $"Too small: expected string to have >={min} characters", $"must have at least {min} characters");
        }
        else if (text.Length > max)
        {
            Note(name, $"Too big: expected string to have <={max} characters", $"must have at most {max} characters");
        }

        return text;
    }

    private void Wrong(string name, string expected, string sentence) =>
        Note(name, $"Invalid input: expected {expected}, received {Received(Member(name))}", sentence);

    private JsonElement? Member(string name)
    {
        _known.Add(name);

        return body is { ValueKind: JsonValueKind.Object } members && members.TryGetProperty(name, out var member) ? member : null;
    }

    private static string Received(JsonElement? member) =>
        member?.ValueKind switch
        {
            null => "undefined",
            JsonValueKind.True or JsonValueKind.False => "boolean",
            JsonValueKind.Number => "number",
            JsonValueKind.String => "string",
            JsonValueKind.Array => "array",
            JsonValueKind.Null => "null",
            _ => "object",
        };

    [GeneratedRegex(
        @"^(?:[A-Za-z0-9_'+\-]+\.)*[A-Za-z0-9_'+\-]*[A-Za-z0-9_+-]@(?:[A-Za-z0-9][A-Za-z0-9\-]*\.)+[A-Za-z]{2,}\z",
        RegexOptions.CultureInvariant | RegexOptions.NonBacktracking
    )]
    private static partial Regex EmailSyntax();

    [GeneratedRegex(@"(?:Z|[+-]\d\d:\d\d)\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Instant();
}
