using Mana.Build.Machine;

namespace Mana.Build.Benchmarks;

/// <summary>One kind of request, sent over and over by the script of its name in bench/load.</summary>
/// <param name="Ceiling">The scenario of the bare server that does the least this endpoint could do; null where none does.</param>
/// <param name="ConnectionsMax">Fewer connections than the others get, where a flood would only measure the queue.</param>
internal sealed record Scenario(string Name, string? Ceiling, int ConnectionsMax = int.MaxValue)
{
    private const string Get = "ceiling-get";
    private const string Post = "ceiling-post";
    private const string Read = "ceiling-read";

    // In the order of a round: an endpoint right after what it is compared with.
    private static readonly Scenario[] All =
    [
        new(Post, null),
        new("validate", Post),
        new(Get, null),
        new("get-session", Get),
        new("token", Get),
        new(Read, null),
        new("balance", Read),
        new("use", Read),
        new("use-hot", Read),
        // Its limit is the time of one hash times the lanes for hashes, which no bare server shows.
        new("sign-in", null, ConnectionsMax: 16),
    ];

    public bool IsCeiling => Name is Get or Post or Read;

    /// <summary>The named endpoints, all when none is named, and their ceilings.</summary>
    public static IReadOnlyList<Scenario> Chosen(IReadOnlyCollection<string> names)
    {
        var endpoints = All.Where(scenario => !scenario.IsCeiling && (names.Count == 0 || names.Contains(scenario.Name))).ToArray();
        if (names.FirstOrDefault(name => !Array.Exists(endpoints, endpoint => endpoint.Name == name)) is { } unknown)
        {
            var known = string.Join(", ", All.Where(scenario => !scenario.IsCeiling).Select(scenario => scenario.Name));
            throw new Misuse($"'{unknown}' is none of: {known}");
        }
        return [.. All.Where(scenario => endpoints.Contains(scenario) || Array.Exists(endpoints, one => one.Ceiling == scenario.Name))];
    }
}
