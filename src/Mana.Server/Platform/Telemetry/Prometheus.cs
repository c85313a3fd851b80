using System.Globalization;
using System.Text;
using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace Mana.Platform.Telemetry;

/// <summary>
/// Writes what the meters counted in the text format 0.0.4 of Prometheus. The exporter package for it cannot be restored; the format is
/// small and stable, so these lines stand in for it.
/// </summary>
public sealed class Prometheus : BaseExporter<Metric>
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    /// <summary>The server's duration has a name of its own on our dashboards, and its count is the count of requests (contract 5.7).</summary>
    private const string ServerDuration = "http.server.request.duration";

    private static readonly Dictionary<string, string> Labels = new(StringComparer.Ordinal)
    {
        ["http.request.method"] = "method",
        ["http.route"] = "route",
        ["http.response.status_code"] = "status",
    };

    private readonly StringBuilder _text = new();

    /// <summary>What the last collection wrote.</summary>
    public string Text { get; private set; } = "";

    public override ExportResult Export(in Batch<Metric> batch)
    {
        _text.Clear();
        foreach (var metric in batch)
        {
            Write(metric);
        }

        Text = _text.ToString();
        return ExportResult.Success;
    }

    private void Write(Metric metric)
    {
        var name = Name(metric);
        switch (metric.MetricType)
        {
            case MetricType.LongSum:
            case MetricType.DoubleSum:
                Head(name, "counter", metric.Description);
                WriteValues(metric, name);
                break;
            case MetricType.Histogram:
                WriteHistogram(metric, name);
                break;
            case MetricType.ExponentialHistogram:
                break; // no view asks for one, and the text format has no way to say it
            default:
                Head(name, "gauge", metric.Description);
                WriteValues(metric, name);
                break;
        }
    }

    private void WriteValues(Metric metric, string name)
    {
        foreach (ref readonly var point in metric.GetMetricPoints())
        {
            var value = metric.MetricType switch
            {
                MetricType.LongSum or MetricType.LongSumNonMonotonic => point.GetSumLong(),
                MetricType.DoubleSum or MetricType.DoubleSumNonMonotonic => point.GetSumDouble(),
                MetricType.LongGauge => point.GetGaugeLastValueLong(),
                _ => point.GetGaugeLastValueDouble(),
            };
            Line(name, Tags(metric, point), value);
        }
    }

    private void WriteHistogram(Metric metric, string name)
    {
        var requests = new StringBuilder();
        Head(name, "histogram", metric.Description);
        foreach (ref readonly var point in metric.GetMetricPoints())
        {
            var tags = Tags(metric, point);
            long below = 0;
            foreach (var bucket in point.GetHistogramBuckets())
            {
                below += bucket.BucketCount;
                var bound = double.IsPositiveInfinity(bucket.ExplicitBound) ? "+Inf" : Number(bucket.ExplicitBound);
                Line(name + "_bucket", $"{tags}{(tags.Length == 0 ? "" : ",")}le=\"{bound}\"", below);
            }

            Line(name + "_sum", tags, point.GetHistogramSum());
            Line(name + "_count", tags, point.GetHistogramCount());
            requests.Append("http_requests_total{").Append(tags).Append("} ").Append(point.GetHistogramCount()).Append('\n');
        }

        if (metric.Name == ServerDuration)
        {
            Head("http_requests_total", "counter", "HTTP requests answered");
            _text.Append(requests);
        }
    }

    private void Head(string name, string type, string help)
    {
        var words = help.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
        _text.Append("# HELP ").Append(name).Append(' ').Append(words).Append('\n');
        _text.Append("# TYPE ").Append(name).Append(' ').Append(type).Append('\n');
    }

    private void Line(string name, string tags, double value)
    {
        _text.Append(name);
        if (tags.Length > 0)
        {
            _text.Append('{').Append(tags).Append('}');
        }

        _text.Append(' ').Append(Number(value)).Append('\n');
    }

    private static string Tags(Metric metric, in MetricPoint point)
    {
        var text = new StringBuilder();
        var hasRoute = false;
        foreach (var (key, value) in point.Tags)
        {
            hasRoute |= key == "http.route";
            Tag(text, Labels.GetValueOrDefault(key) ?? Underscored(key), Convert.ToString(value, CultureInfo.InvariantCulture) ?? "");
        }

        if (metric.Name == ServerDuration && !hasRoute)
        {
            Tag(text, "route", "unmatched");
        }

        return text.ToString();
    }

    private static void Tag(StringBuilder text, string name, string value)
    {
        var escaped = value
            .Replace("\\", "\\\\", StringComparison.Ordinal)
            .Replace("\"", "\\\"", StringComparison.Ordinal)
            .Replace("\n", "\\n", StringComparison.Ordinal);
        text.Append(text.Length == 0 ? "" : ",").Append(name).Append("=\"").Append(escaped).Append('"');
    }

    /// <summary>Name, unit and suffix by the rules of Prometheus: base units in the name, <c>_total</c> for what only grows.</summary>
    private static string Name(Metric metric)
    {
        if (metric.Name == ServerDuration)
        {
            return "http_request_duration_seconds";
        }

        var name = Underscored(metric.Name);
        var unit = metric.Unit switch
        {
            "s" => "_seconds",
            "By" => "_bytes",
            _ => "",
        };
        name = unit.Length > 0 && name.Contains(unit, StringComparison.Ordinal) ? name : name + unit;

        return metric.MetricType is MetricType.LongSum or MetricType.DoubleSum ? name + "_total" : name;
    }

    private static string Underscored(string name) =>
        string.Create(
            name.Length,
            name,
            static (letters, source) =>
            {
                for (var index = 0; index < source.Length; index++)
                {
                    letters[index] = char.IsAsciiLetterOrDigit(source[index]) ? source[index] : '_';
                }
            }
        );

    private static string Number(double value) =>
        double.IsNaN(value) ? "NaN"
        : double.IsPositiveInfinity(value) ? "+Inf"
        : double.IsNegativeInfinity(value) ? "-Inf"
        : value.ToString("R", CultureInfo.InvariantCulture);
}
