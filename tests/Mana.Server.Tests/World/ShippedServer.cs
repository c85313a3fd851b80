using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;

namespace Mana.Specs.World;

/// <summary>
/// The binary that is shipped, as a process of its own: what a spec must be able to kill. It sees only the settings it is given, listens
/// on a free port, and dies with the specs however they end.
/// </summary>
public sealed class ShippedServer : IAsyncDisposable
{
    private static readonly TimeSpan ExitPatience = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan ReadyPatience = TimeSpan.FromSeconds(30);

    private readonly StringBuilder _output = new();

    private readonly Process _process;

    private readonly Process? _watchdog;

    private bool _isDisposed;

    private ShippedServer(Process process, int port)
    {
        _process = process;
        process.OutputDataReceived += (_, line) => Keep(line.Data);
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        _watchdog = Watch(process.Id);
        Port = port;
        Address = new Uri($"http://localhost:{port}");
        Http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = Address };
    }

    public int Port { get; }

    public Uri Address { get; }

    public HttpClient Http { get; }

    public bool HasExited => _process.HasExited;

    /// <summary>Everything the process has written so far, both streams.</summary>
    public string Output
    {
        get
        {
            lock (_output)
            {
                return _output.ToString();
            }
        }
    }

    /// <summary>Starts <c>serve</c> with exactly these settings; <c>PORT</c> is added, and <c>BASE_URL</c> where <c>{port}</c> stands in it.</summary>
    public static ShippedServer Start(IReadOnlyDictionary<string, string> environment)
    {
        var port = FreePort();
        var start = new ProcessStartInfo(Dotnet(), [Binary(), "serve"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (var setting in Settings.Declarations())
        {
            start.Environment.Remove(setting.Name);
        }

        start.Environment["PORT"] = port.ToString(CultureInfo.InvariantCulture);
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value.Replace("{port}", start.Environment["PORT"], StringComparison.Ordinal);
        }

        return new ShippedServer(Process.Start(start)!, port);
    }

    /// <summary>What a server in Development needs: a database, a mail server, no limits.</summary>
    public static Dictionary<string, string> Development(string databaseUrl, SmtpSink mail) =>
        new()
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Development",
            ["BASE_URL"] = "http://localhost:{port}",
            ["DATABASE_URL"] = databaseUrl,
            ["SMTP_HOST"] = "127.0.0.1",
            ["SMTP_PORT"] = mail.Port.ToString(CultureInfo.InvariantCulture),
            ["SMTP_TLS"] = "off",
            ["RATE_LIMITS"] = "off",
            ["LOG_LEVEL"] = "warn",
        };

    /// <summary>Waits until <c>/health/ready</c> says so.</summary>
    public async Task Ready()
    {
        for (var started = Stopwatch.GetTimestamp(); ; await Task.Delay(20))
        {
            Assert.False(_process.HasExited, $"The server ended before it was ready: {Output}");
            Assert.True(Stopwatch.GetElapsedTime(started) < ReadyPatience, $"The server did not become ready: {Output}");
            try
            {
                using var reply = await Http.GetAsync("/health/ready");
                if (reply.StatusCode == HttpStatusCode.OK)
                {
                    return;
                }
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }
        }
    }

    public async Task<Reply> Post(string path, object body, string? accessToken = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) };
        if (accessToken is not null)
        {
            request.Headers.Authorization = new("Bearer", accessToken);
        }

        using var response = await Http.SendAsync(request);
        return await Reply.Of(response);
    }

    /// <summary>True while something accepts connections on the port.</summary>
    public async Task<bool> Listens()
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(IPAddress.Loopback, Port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>SIGKILL: no code of the server runs any more.</summary>
    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    /// <summary>SIGTERM, and the exit code.</summary>
    public async Task<int> Stop()
    {
        await Tell("TERM");
        return await Exit();
    }

    /// <summary>SIGSTOP: time goes on, the process does not.</summary>
    public Task Pause() => Tell("STOP");

    /// <summary>SIGCONT.</summary>
    public Task Resume() => Tell("CONT");

    /// <summary>Waits for the process to end by itself.</summary>
    public async Task<int> Exit()
    {
        using var patience = new CancellationTokenSource(ExitPatience);
        await _process.WaitForExitAsync(patience.Token);

        return _process.ExitCode;
    }

    private async Task Tell(string signal)
    {
        using var told = Process.Start("kill", [$"-{signal}", _process.Id.ToString(CultureInfo.InvariantCulture)]);
        await told.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        if (!_process.HasExited)
        {
            Kill();
        }

        // Only now: as long as it lives, the watchdog is what ends the server if the specs are killed.
        _watchdog?.Kill();
        _watchdog?.Dispose();
        await _process.WaitForExitAsync();
        _process.Dispose();
        Http.Dispose();
    }

    /// <summary>A shell that waits for a line nobody writes: when the specs die, its input ends and it takes the server along.</summary>
    private static Process? Watch(int processId) =>
        OperatingSystem.IsWindows()
            ? null
            : Process.Start(
                new ProcessStartInfo("sh", ["-c", $"read -r line; kill -KILL {processId}"])
                {
                    RedirectStandardInput = true,
                    RedirectStandardError = true,
                    UseShellExecute = false,
                }
            );

    /// <summary>The <c>dotnet</c> that runs these specs: it stands three folders above its runtime.</summary>
    private static string Dotnet() => Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", "dotnet"));

    private static string Binary()
    {
        if (Environment.GetEnvironmentVariable("MANA_SERVER_DLL") is { Length: > 0 } given)
        {
            return given;
        }

        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        var configuration = folder.Name;
        while (!File.Exists(Path.Combine(folder.FullName, "ManaCoreAuth.slnx")))
        {
            folder =
                folder.Parent ?? throw new InvalidOperationException("MANA_SERVER_DLL is not set and no repository is above the specs.");
        }

        return Path.Combine(folder.FullName, "artifacts", "bin", "Mana.Server", configuration, "mana-server.dll");
    }

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();

        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    private void Keep(string? line)
    {
        lock (_output)
        {
            _output.AppendLine(line);
        }
    }
}
