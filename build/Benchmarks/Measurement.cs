using System.Text.Json;
using Mana.Build.Machine;

namespace Mana.Build.Benchmarks;

/// <summary>What one run of a load generator showed.</summary>
/// <param name="P50Milliseconds">Not a number where the generator says no more than an average.</param>
/// <param name="ServerCpu">Seconds of processor the measured program used.</param>
/// <param name="PostgresCpu">The same of all of PostgreSQL.</param>
/// <param name="Refused">Answers with a status of 400 or above.</param>
/// <param name="Broken">Connections that failed, broke or timed out.</param>
internal sealed record Measurement(
    int Round,
    Scenario Scenario,
    int Connections,
    long Requests,
    double Seconds,
    double P50Milliseconds,
    double P99Milliseconds,
    double ServerCpu,
    double PostgresCpu,
    long Refused,
    long Broken
)
{
    private const string Mark = "RESULT ";
    private const double MicrosecondsPerSecond = 1e6;
    private const double MicrosecondsPerMillisecond = 1e3;

    /// <summary>The rate of every second, where it was watched.</summary>
    public IReadOnlyList<double> EachSecond { get; init; } = [];

    public double Rate => Requests / Seconds;

    public double ServerMicroseconds => ServerCpu * MicrosecondsPerSecond / Math.Max(1, Requests);

    public double PostgresMicroseconds => PostgresCpu * MicrosecondsPerSecond / Math.Max(1, Requests);

    public long Errors => Refused + Broken;

    /// <summary>Reads the line the scripts of wrk print at their end.</summary>
    public static Measurement OfWrk(int round, Scenario scenario, int connections, Answer wrk, double serverCpu, double postgresCpu)
    {
        using var result = Read(scenario, wrk);
        var said = result.RootElement;
        return new Measurement(
            round,
            scenario,
            connections,
            said.GetProperty("requests").GetInt64(),
            said.GetProperty("seconds").GetDouble(),
            said.GetProperty("p50").GetDouble() / MicrosecondsPerMillisecond,
            said.GetProperty("p99").GetDouble() / MicrosecondsPerMillisecond,
            serverCpu,
            postgresCpu,
            said.GetProperty("refused").GetInt64(),
            said.GetProperty("broken").GetInt64()
        );
    }

    /// <summary>Reads the line <c>ceiling hash</c> prints.</summary>
    public static Measurement OfHashing(int round, Scenario scenario, Answer hashes)
    {
        using var result = Read(scenario, hashes);
        var said = result.RootElement;
        return new Measurement(
            round,
            scenario,
            0,
            said.GetProperty("requests").GetInt64(),
            said.GetProperty("seconds").GetDouble(),
            double.NaN,
            double.NaN,
            said.GetProperty("cpu").GetDouble(),
            0,
            0,
            0
        );
    }

    public void MustHaveWorked()
    {
        if (Requests == 0 || Refused > 0)
        {
            throw new Failure($"What ran beside {Scenario.Name} answered {Requests} requests and refused {Refused} of them.");
        }
    }

    private static JsonDocument Read(Scenario scenario, Answer answer)
    {
        var line = answer.Output.Split('\n').FirstOrDefault(line => line.StartsWith(Mark, StringComparison.Ordinal));
        return answer.Failed || line is null
            ? throw new Failure($"{scenario.Name} was not measured: {answer.Output.Trim()}")
            : JsonDocument.Parse(line[Mark.Length..]);
    }
}
