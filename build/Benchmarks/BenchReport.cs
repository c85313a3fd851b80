using System.Globalization;
using Mana.Build.Machine;

namespace Mana.Build.Benchmarks;

/// <summary>The medians as a table for a person, every single measurement as CSV for whoever compares.</summary>
internal sealed class BenchReport(IReadOnlyList<Measurement> measurements)
{
    private static readonly string[] Headings = ["", "req/s", "of ceiling", "server µs", "postgres µs", "p50 ms", "p99 ms", "errors"];
    private static readonly int[] Widths = [-14, 10, 12, 11, 13, 9, 9, 8];

    private static readonly string[] Columns =
    [
        "round",
        "scenario",
        "connections",
        "requests",
        "seconds",
        "requests_per_second",
        "share_of_ceiling",
        "server_us",
        "postgres_us",
        "p50_ms",
        "p99_ms",
        "refused",
        "broken",
    ];

    public long Errors => measurements.Sum(measurement => measurement.Errors);

    public void Print()
    {
        Say.Line("");
        Say.Line(Row(Headings));
        foreach (var group in measurements.GroupBy(measurement => measurement.Scenario))
        {
            var all = group.ToArray();
            Say.Line(
                Row([
                    group.Key.Name,
                    Text("N0", Median(all, one => one.Rate)),
                    group.Key.Ceiling is null ? "" : Text("P0", Median(all, Share)),
                    Text("N1", Median(all, one => one.ServerMicroseconds)),
                    Text("N1", Median(all, one => one.PostgresMicroseconds)),
                    Text("N2", Median(all, one => one.P50Milliseconds)),
                    Text("N2", Median(all, one => one.P99Milliseconds)),
                    Text("N0", all.Sum(one => one.Errors)),
                ])
            );
        }
    }

    public Task Save(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        return File.WriteAllLinesAsync(path, [string.Join(',', Columns), .. measurements.Select(Line)]);
    }

    private string Line(Measurement one) =>
        string.Join(
            ',',
            Text("0", one.Round),
            one.Scenario.Name,
            Text("0", one.Connections),
            Text("0", one.Requests),
            Text("0.000", one.Seconds),
            Text("0.0", one.Rate),
            one.Scenario.Ceiling is null ? "" : Text("0.000", Share(one)),
            Text("0.0", one.ServerMicroseconds),
            Text("0.0", one.PostgresMicroseconds),
            Text("0.000", one.P50Milliseconds),
            Text("0.000", one.P99Milliseconds),
            Text("0", one.Refused),
            Text("0", one.Broken)
        );

    // Against the ceiling of the same round: both had the same noise around them.
    private double Share(Measurement one) =>
        one.Rate / measurements.First(other => other.Round == one.Round && other.Scenario.Name == one.Scenario.Ceiling).Rate;

    private static double Median(Measurement[] measurements, Func<Measurement, double> of)
    {
        var sorted = measurements.Select(of).Order().ToArray();
        var middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    private static string Row(string[] cells) =>
        string.Concat(cells.Zip(Widths, (cell, width) => width < 0 ? cell.PadRight(-width) : cell.PadLeft(width)));

    private static string Text(string format, double number) => number.ToString(format, CultureInfo.InvariantCulture);
}
