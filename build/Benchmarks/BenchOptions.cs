using System.Globalization;
using Mana.Build.Machine;

namespace Mana.Build.Benchmarks;

/// <summary>What a run is about; each has measurements of its own.</summary>
internal enum BenchSubject
{
    /// <summary>The hot endpoints.</summary>
    Endpoints,

    /// <summary>What a million live sessions cost.</summary>
    Sessions,

    /// <summary>What ten million debits cost against a hundred thousand.</summary>
    Growth,

    /// <summary>The same, and thirty million against ten.</summary>
    MoreGrowth,

    /// <summary>What the hashes and seals of the ledger cost.</summary>
    Proofs,

    /// <summary>How evenly one account is charged for minutes.</summary>
    Endurance,
}

/// <summary>How long and how hard to measure, and what.</summary>
/// <param name="Rounds">Every round measures everything once, in turn; what is reported are medians over the rounds.</param>
/// <param name="Seconds">Length of one measurement.</param>
/// <param name="Connections">Kept open by the load generator; a scenario may take fewer.</param>
/// <param name="WithPeers">Whether Better Auth on Node and on Bun is measured too.</param>
/// <param name="Endpoints">The chosen endpoints; empty for all.</param>
internal sealed record BenchOptions(
    int Rounds,
    int Seconds,
    int Connections,
    bool WithPeers,
    BenchSubject Subject,
    IReadOnlyList<string> Endpoints
)
{
    private const int RoundsMax = 50;

    // Tokens are renewed before each round and live 15 minutes; a round stays below that.
    private const int SecondsMax = 15;
    private const int ConnectionsMax = 512;

    private static readonly Dictionary<string, BenchSubject> Subjects = new(StringComparer.Ordinal)
    {
        ["--sessions"] = BenchSubject.Sessions,
        ["--growth"] = BenchSubject.Growth,
        ["--more-growth"] = BenchSubject.MoreGrowth,
        ["--proofs"] = BenchSubject.Proofs,
        ["--endurance"] = BenchSubject.Endurance,
    };

    public IReadOnlyList<Scenario> Scenarios { get; } =
        Subject == BenchSubject.Endpoints ? Benchmarks.Scenarios.Chosen(Endpoints, WithPeers) : Benchmarks.Scenarios.Of(Subject);

    /// <summary>Whether everything that is measured with the starts is.</summary>
    public bool IsWhole => Endpoints.Count == 0 && Subject == BenchSubject.Endpoints;

    public static BenchOptions Parse(string[] arguments)
    {
        var withPeers = arguments.Contains("--peers");
        var numbers = new Dictionary<string, int>(StringComparer.Ordinal)
        {
            ["--rounds"] = withPeers ? 5 : 3,
            ["--seconds"] = 3,
            ["--connections"] = 64,
        };
        var names = new List<string>();
        for (var at = 0; at < arguments.Length; at++)
        {
            if (arguments[at] == "--peers" || Subjects.ContainsKey(arguments[at]))
            {
                continue;
            }
            if (!numbers.ContainsKey(arguments[at]))
            {
                names.Add(arguments[at]);
            }
            else if (
                at + 1 < arguments.Length
                && int.TryParse(arguments[at + 1], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            )
            {
                numbers[arguments[at++]] = number;
            }
            else
            {
                throw new Misuse($"{arguments[at]} takes a whole number");
            }
        }
        var subjects = arguments.Where(Subjects.ContainsKey).Distinct().ToArray();
        if (subjects.Length > 1 || (subjects.Length == 1 && (withPeers || names.Count > 0)))
        {
            throw new Misuse($"{subjects[0]} is a run of its own");
        }
        return new BenchOptions(
            Within("--rounds", RoundsMax),
            Within("--seconds", SecondsMax),
            Within("--connections", ConnectionsMax),
            withPeers,
            subjects.Length == 1 ? Subjects[subjects[0]] : BenchSubject.Endpoints,
            names
        );

        int Within(string option, int max) =>
            numbers[option] is var number and >= 1 && number <= max ? number : throw new Misuse($"{option} is 1 to {max}");
    }
}
