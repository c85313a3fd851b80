using System.Diagnostics;
using System.Globalization;
using Mana.Build.Machine;
using Mana.Build.Postgres;

namespace Mana.Build;

/// <summary>What every command works with: this checkout, its folders on this machine, the clock since the start, and the wish to stop.</summary>
internal sealed record Toolbox(Checkout Checkout, Folders Folders, CancellationToken Stop)
{
    private readonly DateTimeOffset started = Began();

    public Downloads Downloads { get; } = new();

    public TimeSpan Elapsed => DateTimeOffset.UtcNow - started;

    /// <summary>Continuous integration: what is missing there is an error, and nothing may stay behind in the background.</summary>
    public static bool IsUnattended => Setting("CI") is not null;

    public string Dotnet { get; } =
        Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? Environment.ProcessPath! : "dotnet";

    /// <summary>A variable of the environment; empty is unset, as everywhere in this product.</summary>
    public static string? Setting(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;

    /// <summary>A PostgreSQL for this purpose, running: one of your own when DATABASE_URL is set, else a cluster of this checkout.</summary>
    public Task<PostgresServer> Postgres(Purpose purpose) => PostgresServer.Open(purpose, this);

    // The shim hands over when it began, if it had to build this program first: a person counts from there.
    private static DateTimeOffset Began()
    {
        using var self = Process.GetCurrentProcess();
        DateTimeOffset born = self.StartTime.ToUniversalTime();
        return
            long.TryParse(Setting("MANA_STARTED"), CultureInfo.InvariantCulture, out var seconds)
            && DateTimeOffset.FromUnixTimeSeconds(seconds) is var shim
            && shim < born
            ? shim
            : born;
    }
}
