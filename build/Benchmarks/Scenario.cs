using Mana.Build.Machine;

namespace Mana.Build.Benchmarks;

/// <summary>Who is asked.</summary>
internal enum Contender
{
    /// <summary>The bare server that does the least such endpoints could do.</summary>
    Ceiling,

    /// <summary>The server as it ships.</summary>
    Mana,

    /// <summary>The same with caches so small that nothing is ever found in them.</summary>
    ManaCold,

    /// <summary>The server as it ships beside 1,000 live sessions, and beside 1,000,000.</summary>
    ManaOfFew,
    ManaOfMany,

    /// <summary>The same with small caches, asked for sessions from everywhere in the table.</summary>
    ManaOfFewCold,
    ManaOfManyCold,

    /// <summary>The server as it ships on 100,000 debits, on 10,000,000 and on 30,000,000.</summary>
    ManaSmall,
    ManaLarge,
    ManaHuge,

    /// <summary>The server as it ships, but nothing is hashed and nothing sealed in its books.</summary>
    ManaUnproven,

    /// <summary>Better Auth on Node, as it comes.</summary>
    Node,

    /// <summary>The same program on Bun.</summary>
    Bun,

    /// <summary>Better Auth with the fastest get-session it offers: a session cache in the cookie, no JWT in a header.</summary>
    NodeAtBest,
    BunAtBest,

    /// <summary>PostgreSQL alone, one statement a transaction.</summary>
    Pgbench,

    /// <summary>Password hashes alone.</summary>
    Hashing,
}

/// <summary>One kind of request to one contender, sent over and over.</summary>
/// <param name="Name">The endpoint, with the contender behind a slash where it is not the server as it ships.</param>
/// <param name="Script">The file in bench/load, or in bench/pg for pgbench.</param>
internal sealed record Scenario(string Name, Contender Contender, string Script)
{
    /// <summary>Enough for a storm: the lane for hashes is never empty, and a flood would only measure its queue.</summary>
    public const int StormConnections = 16;

    /// <summary>What it is compared with.</summary>
    public string[] Against { get; init; } = [];

    /// <summary>Fewer connections than the others get, where more would only measure a queue.</summary>
    public int ConnectionsMax { get; init; } = int.MaxValue;

    /// <summary>A request that takes long needs a longer look.</summary>
    public int SecondsMin { get; init; } = 1;

    /// <summary>How long it is asked before anything is measured.</summary>
    public int WarmUpSeconds { get; init; } = 1;

    /// <summary>A script that loads the same server at the same time; it is not measured.</summary>
    public string? Beside { get; init; }

    /// <summary>What is spent is looked at every second, so that a moment in which little is cannot hide in a median.</summary>
    public bool IsWatched { get; init; }

    /// <summary>All on one row: pgbench is asked with the number of clients that suits it best.</summary>
    public bool IsHot { get; init; }

    public string Endpoint => Name.Split('/')[0];

    /// <summary>Needs the packages of npm, and runs with <c>--peers</c> only.</summary>
    public bool IsOfPeers => Contender is Contender.Node or Contender.Bun or Contender.NodeAtBest or Contender.BunAtBest;

    /// <summary>An error of these is an error of ours.</summary>
    public bool IsOurs => !IsOfPeers && Contender is not (Contender.Pgbench or Contender.Hashing);
}

/// <summary>Everything that can be measured, in the order of a round: an endpoint right beside what it is compared with.</summary>
internal static class Scenarios
{
    private const int SecondsOfHashes = 6;

    // Long enough to ask for everything of it several times.
    private const int SecondsOfWorkingSet = 10;

    private static readonly Scenario[] All =
    [
        Ceiling("post"),
        .. OfAll("validate", "ceiling/post"),
        new("validate-new", Contender.ManaCold, "validate") { Against = ["ceiling/post", "validate/node", "validate/bun"] },
        Ceiling("get"),
        .. OfAll("get-session", "ceiling/get", "get-session/node-best", "get-session/bun-best"),
        new("get-session/node-best", Contender.NodeAtBest, "get-session"),
        new("get-session/bun-best", Contender.BunAtBest, "get-session"),
        .. OfAll("token", "ceiling/get"),
        .. OfAll("jwks", "ceiling/get"),
        Ceiling("read"),
        new("get-session-cold", Contender.ManaCold, "get-session") { Against = ["ceiling/read", "get-session/node", "get-session/bun"] },
        .. OfAll("balance", "ceiling/read"),
        new("use/pgbench", Contender.Pgbench, "our-debit"),
        new("use/stand-in", Contender.Pgbench, "stand-in-debit"),
        .. OfAll("use", "use/pgbench", "use/stand-in"),
        new("use-hot/pgbench", Contender.Pgbench, "our-debit") { IsHot = true },
        new("use-hot/stand-in", Contender.Pgbench, "stand-in-debit") { IsHot = true },
        .. OfAll("use-hot", "use-hot/pgbench", "use-hot/stand-in"),
        new("sign-in/hashing", Contender.Hashing, ""),
        .. OfAll("sign-in", "sign-in/hashing").Select(Few),
        .. Storm("", Contender.Mana),
        .. Storm("/node", Contender.Node),
        .. Storm("/bun", Contender.Bun),
    ];

    private static readonly Scenario[] Crowded =
    [
        Ceiling("read"),
        new("validate/few", Contender.ManaOfFew, "validate"),
        new("validate/many", Contender.ManaOfMany, "validate") { Against = ["validate/few"] },
        new("get-session/few", Contender.ManaOfFew, "get-session"),
        new("get-session/many", Contender.ManaOfMany, "get-session") { Against = ["get-session/few"], SecondsMin = SecondsOfWorkingSet },
        new("get-session-cold/few", Contender.ManaOfFewCold, "get-session") { Against = ["ceiling/read"] },
        new("get-session-cold/many", Contender.ManaOfManyCold, "get-session") { Against = ["ceiling/read", "get-session-cold/few"] },
    ];

    // A service that runs has met most pages of its indexes since the last checkpoint; what a start costs is another question.
    private const int SecondsUntilUsual = 120;

    private static readonly Scenario[] Growing =
    [
        new("use-grown/small", Contender.ManaSmall, "use-any") { WarmUpSeconds = SecondsUntilUsual },
        new("use-grown/large", Contender.ManaLarge, "use-any") { Against = ["use-grown/small"], WarmUpSeconds = SecondsUntilUsual },
        new("list", Contender.ManaLarge, "list"),
        new("list/deep", Contender.ManaLarge, "list-deep") { Against = ["list"] },
    ];

    private static readonly Scenario[] GrowingOn =
    [
        .. Growing,
        new("use-grown/huge", Contender.ManaHuge, "use-any") { Against = ["use-grown/large"], WarmUpSeconds = SecondsUntilUsual },
    ];

    // Several seals fall into every look, and code is compiled for good before the first.
    private const int SecondsOfSeals = 6;

    private static readonly Scenario[] Proven = [.. Unproven("use"), .. Unproven("use-hot")];

    private const int SecondsOfEndurance = 120;

    private static readonly Scenario[] Enduring =
    [
        new("use-hot/pgbench", Contender.Pgbench, "our-debit") { IsHot = true, SecondsMin = SecondsOfEndurance },
        new("use-hot", Contender.Mana, "use-hot")
        {
            Against = ["use-hot/pgbench"],
            SecondsMin = SecondsOfEndurance,
            IsWatched = true,
        },
    ];

    /// <summary>
    /// Runs of their own: writing many sessions or a long history takes minutes, a server without proofs is another program, and minutes on
    /// one account are minutes.
    /// </summary>
    public static IReadOnlyList<Scenario> Of(BenchSubject subject) =>
        subject switch
        {
            BenchSubject.Sessions => Crowded,
            BenchSubject.Growth => Growing,
            BenchSubject.MoreGrowth => GrowingOn,
            BenchSubject.Proofs => Proven,
            BenchSubject.Endurance => Enduring,
            _ => All,
        };

    /// <summary>The endpoints that can be named, in order.</summary>
    public static IReadOnlyList<string> Endpoints { get; } =
    [.. All.Where(one => one.Contender is Contender.Mana or Contender.ManaCold).Select(one => one.Endpoint).Distinct()];

    /// <summary>The named endpoints, all when none is named, with everything they are compared with.</summary>
    public static IReadOnlyList<Scenario> Chosen(IReadOnlyCollection<string> names, bool withPeers)
    {
        if (names.FirstOrDefault(name => !Endpoints.Contains(name)) is { } unknown)
        {
            throw new Misuse($"'{unknown}' is none of: {string.Join(", ", Endpoints)}");
        }
        var wanted = All.Where(one => names.Count == 0 || names.Contains(one.Endpoint)).ToList();
        var references = wanted.SelectMany(one => one.Against).ToHashSet(StringComparer.Ordinal);
        return [.. All.Where(one => (wanted.Contains(one) || references.Contains(one.Name)) && (withPeers || !one.IsOfPeers))];
    }

    private static Scenario Ceiling(string name) => new($"ceiling/{name}", Contender.Ceiling, $"ceiling-{name}");

    private static Scenario[] Unproven(string endpoint)
    {
        var proven = new Scenario(endpoint, Contender.Mana, endpoint) { SecondsMin = SecondsOfSeals, WarmUpSeconds = SecondsOfSeals };
        var other = proven with { Name = $"{endpoint}/unproven", Contender = Contender.ManaUnproven };

        return [proven with { Against = [other.Name] }, other];
    }

    private static Scenario[] OfAll(string endpoint, params string[] against) =>
        [
            new(endpoint, Contender.Mana, endpoint) { Against = [.. against, $"{endpoint}/node", $"{endpoint}/bun"] },
            new($"{endpoint}/node", Contender.Node, endpoint),
            new($"{endpoint}/bun", Contender.Bun, endpoint),
        ];

    private static Scenario Few(Scenario scenario) =>
        scenario with
        {
            ConnectionsMax = Scenario.StormConnections,
            SecondsMin = SecondsOfHashes,
        };

    /// <summary>Validation in a calm moment, and the same while people sign in without pause.</summary>
    private static Scenario[] Storm(string suffix, Contender contender)
    {
        const int connections = 32;
        var calm = new Scenario($"calm{suffix}", contender, "validate") { ConnectionsMax = connections };
        var storm = calm with { Name = $"storm{suffix}", Beside = "sign-in", SecondsMin = SecondsOfHashes, Against = [calm.Name] };
        return [calm, suffix.Length == 0 ? storm with { Against = [calm.Name, "storm/node", "storm/bun"] } : storm];
    }
}
