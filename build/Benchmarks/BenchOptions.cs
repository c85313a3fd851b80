using System.Globalization;
using Mana.Build.Machine;

namespace Mana.Build.Benchmarks;

/// <summary>How long and how hard to measure, and what.</summary>
/// <param name="Rounds">Every round measures everything once, in turn; what is reported are medians over the rounds.</param>
/// <param name="Seconds">Length of one measurement.</param>
/// <param name="Connections">Kept open by the load generator; a scenario may take fewer.</param>
/// <param name="WithPeers">Whether Better Auth on Node and on Bun is measured too.</param>
/// <param name="OfGrowth">Whether it is measured what ten million debits cost against a hundred thousand, and nothing else.</param>
/// <param name="OfMoreGrowth">The same, and thirty million against ten.</param>
/// <param name="Endpoints">The chosen endpoints; empty for all.</param>
/// <param name="OfSessions">Whether it is measured what a million live sessions cost, and nothing else.</param>
internal sealed record BenchOptions(
    int Rounds,
    int Seconds,
    int Connections,
    bool WithPeers,
    bool OfSessions,
    bool OfGrowth,
    bool OfMoreGrowth,
    IReadOnlyList<string> Endpoints
)
{
    private const int RoundsMax = 50;

    // Tokens are renewed before each round and live 15 minutes; a round stays below that.
    private const int SecondsMax = 15;
    private const int ConnectionsMax = 512;

    public IReadOnlyList<Scenario> Scenarios { get; } =
        OfSessions ? Benchmarks.Scenarios.OfSessions
        : OfGrowth || OfMoreGrowth ? Benchmarks.Scenarios.OfGrowth(OfMoreGrowth)
        : Benchmarks.Scenarios.Chosen(Endpoints, WithPeers);

    /// <summary>Whether everything that is measured with the starts is.</summary>
    public bool IsWhole => Endpoints.Count == 0 && !OfSessions && !OfGrowth && !OfMoreGrowth;

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
            if (arguments[at] is "--peers" or "--sessions" or "--growth" or "--more-growth")
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
        return new BenchOptions(
            Within("--rounds", RoundsMax),
            Within("--seconds", SecondsMax),
            Within("--connections", ConnectionsMax),
            withPeers,
            arguments.Contains("--sessions"),
            arguments.Contains("--growth"),
            arguments.Contains("--more-growth"),
            names
        );

        int Within(string option, int max) =>
            numbers[option] is var number and >= 1 && number <= max ? number : throw new Misuse($"{option} is 1 to {max}");
    }
}
