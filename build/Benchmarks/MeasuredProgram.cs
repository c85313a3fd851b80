using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Mana.Build.Machine;

namespace Mana.Build.Benchmarks;

/// <summary>A program that is being measured: its process and where it answers.</summary>
internal sealed class MeasuredProgram : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan RestPause = TimeSpan.FromMilliseconds(250);
    private const int RestPausesMax = 120;
    private const double RestingCpu = 0.05;

    // What a person's shell exports must not change what is measured; switches of the runtime may, to try them.
    private static readonly string[] Kept = ["PATH", "HOME", "TMPDIR"];

    private readonly Process process;

    private MeasuredProgram(Process process, Uri address) => (this.process, Address) = (process, address);

    public Uri Address { get; }

    public double Cpu => CpuTime.OfProcess(process.Id);

    public double Megabytes => MemoryUse.MegabytesOf(process.Id);

    /// <summary>From the start of its process to its first good answer.</summary>
    public TimeSpan StartedWithin { get; private set; }

    /// <summary>Starts it on a free port and waits until the path answers.</summary>
    public static async Task<MeasuredProgram> Start(Func<Uri, Invocation> describe, string readyPath, CancellationToken stop)
    {
        var address = new Uri($"http://127.0.0.1:{FreePort()}");
        var watch = Stopwatch.StartNew();
        var program = new MeasuredProgram(Run.Begin(describe(address)), address);
        try
        {
            await program.Ready(readyPath, watch, stop);
            program.StartedWithin = watch.Elapsed;
            return program;
        }
        catch
        {
            await program.DisposeAsync();
            throw;
        }
    }

    /// <summary>One run of a .NET program with nothing of our own environment.</summary>
    public static Invocation Describe(Toolbox tools, string dll, string[] arguments, Dictionary<string, string?> environment) =>
        Describe(tools.Dotnet, [dll, .. arguments], tools.Checkout.Root, environment);

    public static Invocation Describe(string program, string[] arguments, string folder, Dictionary<string, string?> environment)
    {
        foreach (var name in Environment.GetEnvironmentVariables().Keys.Cast<string>())
        {
            if (Kept.Contains(name) || name.StartsWith("DOTNET_", StringComparison.Ordinal))
            {
                environment.TryAdd(name, Environment.GetEnvironmentVariable(name));
            }
        }
        return new Invocation(program, arguments)
        {
            Folder = folder,
            Environment = environment,
            InheritsEnvironment = false,
        };
    }

    /// <summary>
    /// Waits until it has worked off what a load generator left behind: hashes of connections already closed would be charged to whoever
    /// is measured next.
    /// </summary>
    public async Task Rest(CancellationToken stop)
    {
        var before = Cpu;
        for (var pause = 0; pause < RestPausesMax; pause++)
        {
            await Task.Delay(RestPause, stop);
            var now = Cpu;
            if (now - before < RestingCpu)
            {
                return;
            }
            before = now;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Run.Stop(process);
        process.Dispose();
    }

    private async Task Ready(string path, Stopwatch watch, CancellationToken stop)
    {
        using var client = new HttpClient { BaseAddress = Address };
        while (watch.Elapsed < StartLimit && !process.HasExited)
        {
            try
            {
                using var answer = await client.GetAsync(path, stop);
                if (answer.IsSuccessStatusCode)
                {
                    return;
                }
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }
            await Task.Delay(Pause, stop);
        }
        throw new Failure(
            process.HasExited
                ? string.Create(CultureInfo.InvariantCulture, $"The program ended with exit code {process.ExitCode} before it was ready.")
                : $"{new Uri(Address, path)} does not answer after {StartLimit.TotalSeconds:0} s."
        );
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
