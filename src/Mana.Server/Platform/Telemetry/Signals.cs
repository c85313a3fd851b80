using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Mana.Platform.Telemetry;

/// <summary>The one meter and the one source of activities; names follow the semantic conventions.</summary>
public static class Signals
{
    public const string Name = "mana.auth";

    public static readonly Meter Meter = new(Name);

    public static readonly ActivitySource Activities = new(Name);
}
