using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Mana.Platform.Telemetry;

/// <summary>
/// Listens to the meters and, when there is somewhere to send them, to the activities. Without an endpoint no activity is ever made.
/// </summary>
public sealed class Observation(TelemetrySettings settings) : IHostedService, IDisposable
{
    private static readonly string[] Meters =
    [
        Signals.Name,
        "Microsoft.AspNetCore.Server.Kestrel",
        "System.Net.Http",
        "System.Runtime",
        "Npgsql",
    ];

    private static readonly string[] Sources = [Signals.Name, "Microsoft.AspNetCore", "System.Net.Http", "Npgsql"];

    private static readonly double[] ServerSeconds = [.001, .005, .01, .05, .1, .5, 1, 2, 5];

    private readonly Lock _scrape = new();

    private readonly Prometheus _prometheus = new();

    private BaseExportingMetricReader? _reader;

    private MeterProvider? _metrics;

    private TracerProvider? _traces;

    /// <summary>Everything counted so far, as Prometheus reads it. One scrape at a time.</summary>
    public string Scrape()
    {
        lock (_scrape)
        {
            _reader?.Collect();
            return _prometheus.Text;
        }
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _reader = new BaseExportingMetricReader(_prometheus);
        var metrics = Sdk.CreateMeterProviderBuilder()
            .SetResourceBuilder(Resource())
            .AddMeter(Meters)
            .AddView("http.server.request.duration", new ExplicitBucketHistogramConfiguration { Boundaries = ServerSeconds })
            .AddReader(_reader);
        if (settings.OtlpEndpoint is { } endpoint)
        {
            metrics.AddOtlpExporter(otlp => Send(otlp, endpoint, "metrics"));
            _traces = Sdk.CreateTracerProviderBuilder()
                .SetResourceBuilder(Resource())
                .AddSource(Sources)
                .AddOtlpExporter(otlp => Send(otlp, endpoint, "traces"))
                .Build();
        }

        _metrics = metrics.Build();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose()
    {
        _traces?.Dispose();
        _metrics?.Dispose();
        _reader?.Dispose();
        _prometheus.Dispose();
    }

    private static ResourceBuilder Resource() =>
        ResourceBuilder
            .CreateEmpty()
            .AddService("mana-core-auth", serviceVersion: typeof(Observation).Assembly.GetName().Version?.ToString(3));

    // Given in code, an HTTP endpoint is taken as it stands: the path of the signal is ours to append.
    private static void Send(OtlpExporterOptions otlp, string endpoint, string signal)
    {
        otlp.Protocol = OtlpExportProtocol.HttpProtobuf;
        otlp.Endpoint = new Uri($"{endpoint.TrimEnd('/')}/v1/{signal}");
    }
}
