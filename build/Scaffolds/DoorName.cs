using System.Globalization;
using Mana.Build.Machine;

namespace Mana.Build.Scaffolds;

/// <summary>What a new door is called and where it stands; everything follows from its verb, path and slice.</summary>
/// <param name="Verb">As in HTTP: GET or POST.</param>
/// <param name="Path">As a caller writes it.</param>
/// <param name="Slice">A folder of the server.</param>
/// <param name="Surface">The folder of the dialect below the slice.</param>
/// <param name="Words">The path without what surface and slice say already, in lower case.</param>
internal sealed record DoorName(string Verb, string Path, string Slice, string Surface, IReadOnlyList<string> Words)
{
    private static readonly string[] Verbs = ["GET", "POST"];

    // The longest prefix first; what a caller must bring follows from the folder.
    private static readonly (string Prefix, string Surface)[] Surfaces =
    [
        ("/api/v1/internal/", "Internal"),
        ("/api/v1/admin/", "Admin"),
        ("/api/v1/", "V1"),
        ("/api/auth/", "BetterAuth"),
    ];

    public string Class => Title(Verb) + string.Concat(Words.Select(Title));

    public string SpecClass => $"{(Verb == "GET" ? "Getting" : "Posting")}_{string.Join('_', Words)}";

    public bool HasBody => Verb == "POST";

    public string Access =>
        Surface switch
        {
            "Internal" => "Access.Service",
            "Admin" => "Access.Admin",
            "BetterAuth" => "Access.Session",
            _ => "Access.Bearer",
        };

    public static DoorName Parse(string verb, string path, string slice)
    {
        if (!Verbs.Contains(verb))
        {
            throw new Misuse($"the verb is one of {string.Join(", ", Verbs)}; a new one is added to Platform/Http/RouteMapping.cs first");
        }
        var (prefix, surface) = Surfaces.FirstOrDefault(known => path.StartsWith(known.Prefix, StringComparison.Ordinal));
        if (prefix is null)
        {
            throw new Misuse($"the path begins with one of {string.Join(", ", Surfaces.Select(known => known.Prefix))}");
        }
        var parts = path[prefix.Length..].Split('/').Where(part => part.Length > 0 && !part.StartsWith('{')).ToArray();
        var said = parts is [var first, _, ..] && (first == "auth" || first.Equals(slice, StringComparison.OrdinalIgnoreCase)) ? 1 : 0;
        string[] words = [.. parts.Skip(said).SelectMany(part => part.Split('-')).Select(word => word.ToLowerInvariant())];
        words = words is [var act, _, ..] && act.Equals(verb, StringComparison.OrdinalIgnoreCase) ? words[1..] : words;
        return words.Length > 0 && words.All(word => word.All(char.IsAsciiLetterOrDigit))
            ? new DoorName(verb, path, slice, surface, words)
            : throw new Misuse("the path names nothing a door could be called by; use letters, digits and hyphens");
    }

    private static string Title(string word) =>
        string.Create(CultureInfo.InvariantCulture, $"{char.ToUpperInvariant(word[0])}{word[1..].ToLowerInvariant()}");
}
