using System.Globalization;
using System.Text.Json;
using Mana.Build.Machine;

namespace Mana.Build.Benchmarks;

/// <summary>The medians as tables for a person, every single measurement as CSV and the whole as JSON for whoever compares.</summary>
internal sealed class BenchReport(
    IReadOnlyList<Measurement> measurements,
    IReadOnlyList<ColdStart> starts,
    IReadOnlyDictionary<string, double> memory
)
{
    private static readonly string[] Headings = ["", "req/s", "server µs", "postgres µs", "p50 ms", "p99 ms", "errors", "  compared with"];
    private static readonly int[] Widths = [-22, 10, 11, 13, 10, 10, 8, 0];
    private static readonly JsonSerializerOptions Readable = new()
    {
        WriteIndented = true,
        NumberHandling = System.Text.Json.Serialization.JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    /// <summary>Of our own answers; a peer may refuse a debit that lost a race.</summary>
    public long Errors => measurements.Where(one => one.Scenario.IsOurs).Sum(one => one.Errors);

    public IEnumerable<string> Scenarios => measurements.Select(one => one.Scenario.Name).Distinct();

    public double Rate(string scenario) => Of(scenario, one => one.Rate);

    /// <summary>Median of the ratios inside each round, whose two sides had the same noise around them. Not a number where one is missing.</summary>
    public double Ratio(string scenario, string other) =>
        Median.Of(
            from one in measurements
            join reference in measurements on one.Round equals reference.Round
            where one.Scenario.Name == scenario && reference.Scenario.Name == other
            select one.Rate / reference.Rate
        );

    public double ServerMicroseconds(string scenario) => Of(scenario, one => one.ServerMicroseconds);

    public double Microseconds(string scenario) => Of(scenario, one => one.ServerMicroseconds + one.PostgresMicroseconds);

    public double P99Milliseconds(string scenario) => Of(scenario, one => one.P99Milliseconds);

    /// <summary>The slowest second as a part of the median second, over all rounds. Not a number where nobody watched.</summary>
    public double SlowestSecond(string scenario)
    {
        var seconds = EachSecond(scenario);
        return seconds.Length == 0 ? double.NaN : seconds.Min() / Median.Of(seconds);
    }

    public ColdStart? Start(string name) => starts.FirstOrDefault(start => start.Name == name);

    public double MegabytesAfterLoad(string name) => memory.GetValueOrDefault(name, double.NaN);

    public void Print()
    {
        Say.Line("");
        Say.Line(Row(Headings));
        foreach (var group in measurements.GroupBy(measurement => measurement.Scenario))
        {
            var name = group.Key.Name;
            Say.Line(
                Row([
                    name,
                    Text("N0", Rate(name)),
                    Text("N1", ServerMicroseconds(name)),
                    Text("N1", Of(name, one => one.PostgresMicroseconds)),
                    Text("N2", Of(name, one => one.P50Milliseconds)),
                    Text("N2", P99Milliseconds(name)),
                    Text("N0", group.Sum(one => one.Errors)),
                    "  "
                        + string.Join(
                            ", ",
                            group.Key.Against.Where(Scenarios.Contains).Select(other => $"{Times(Ratio(name, other))} {other}")
                        ),
                ])
            );
        }
        Say.Line("");
        foreach (var name in Scenarios.Where(name => EachSecond(name).Length > 0))
        {
            var seconds = EachSecond(name);
            Say.Line(
                $"{seconds.Length} seconds of {name}: slowest {Text("N0", seconds.Min())}/s, median {Text("N0", Median.Of(seconds))}/s"
            );
        }
        foreach (var start in starts)
        {
            Say.Line(
                $"start of {start.Name}: {Text("N0", start.Milliseconds)} ms, {Text("N0", start.Megabytes)} MB idle"
                    + (memory.TryGetValue(start.Name, out var after) ? $", {Text("N0", after)} MB after the load" : "")
            );
        }
        Goals.Print(this);
    }

    public async Task Save(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await File.WriteAllLinesAsync(
            path + ".csv",
            [
                "round,scenario,connections,requests,seconds,requests_per_second,server_us,postgres_us,p50_ms,p99_ms,refused,broken",
                .. measurements.Select(Line),
            ]
        );
        var summary = new
        {
            processors = Environment.ProcessorCount,
            rounds = measurements.Max(one => one.Round),
            scenarios = Scenarios.ToDictionary(
                name => name,
                name => new
                {
                    requestsPerSecond = Rate(name),
                    serverMicroseconds = ServerMicroseconds(name),
                    postgresMicroseconds = Of(name, one => one.PostgresMicroseconds),
                    p50Milliseconds = Of(name, one => one.P50Milliseconds),
                    p99Milliseconds = P99Milliseconds(name),
                    eachSecond = EachSecond(name),
                    ratios = measurements
                        .First(one => one.Scenario.Name == name)
                        .Scenario.Against.Where(Scenarios.Contains)
                        .ToDictionary(other => other, other => Ratio(name, other)),
                }
            ),
            starts,
            megabytesAfterLoad = memory,
            goals = Goals.Of(this),
        };
        await File.WriteAllTextAsync(path + ".json", JsonSerializer.Serialize(summary, Readable));
    }

    private double Of(string scenario, Func<Measurement, double> value) =>
        Median.Of(measurements.Where(one => one.Scenario.Name == scenario).Select(value));

    private double[] EachSecond(string scenario) =>
        [.. measurements.Where(one => one.Scenario.Name == scenario).SelectMany(one => one.EachSecond)];

    private static string Line(Measurement one) =>
        string.Join(
            ',',
            Text("0", one.Round),
            one.Scenario.Name,
            Text("0", one.Connections),
            Text("0", one.Requests),
            Text("0.000", one.Seconds),
            Text("0.0", one.Rate),
            Text("0.0", one.ServerMicroseconds),
            Text("0.0", one.PostgresMicroseconds),
            Text("0.000", one.P50Milliseconds),
            Text("0.000", one.P99Milliseconds),
            Text("0", one.Refused),
            Text("0", one.Broken)
        );

    private static string Times(double ratio) => ratio < 1.5 ? Text("P0", ratio) : Text("N1", ratio) + "×";

    private static string Row(string[] cells) =>
        string.Concat(cells.Zip(Widths, (cell, width) => width < 0 ? cell.PadRight(-width) : cell.PadLeft(width)));

    private static string Text(string format, double number) =>
        double.IsNaN(number) ? "" : number.ToString(format, CultureInfo.InvariantCulture);
}
