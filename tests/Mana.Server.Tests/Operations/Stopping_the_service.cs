using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Mana.Specs.World;

namespace Mana.Specs.Operations;

/// <summary>The shipped binary as in Production, told to stop by a signal.</summary>
public sealed class Stopping_the_service : IAsyncLifetime
{
    private Database _database = null!;

    private readonly List<Process> _servers = [];

    private int _port;

    public async ValueTask InitializeAsync()
    {
        _database = await Databases.Create();
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        _port = ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var server in _servers)
        {
            server.Kill(); // does nothing to one that has ended
            server.Dispose();
        }

        await Databases.Drop(_database.Name);
    }

    [Fact]
    public async Task It_says_it_is_not_ready_keeps_answering_new_connections_and_ends_in_time()
    {
        var server = await Start();
        using var halfSent = await HalfARequest();

        var told = Stopwatch.GetTimestamp();
        Tell(server, "-TERM");
        await Task.Delay(500);
        while (Stopwatch.GetElapsedTime(told) < TimeSpan.FromSeconds(4))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, await Ask("/health/ready"));
            Assert.Equal(HttpStatusCode.OK, await Ask("/health"));
            await Task.Delay(250);
        }

        await server.WaitForExitAsync();

        Assert.Equal(0, server.ExitCode);
        Assert.InRange(Stopwatch.GetElapsedTime(told), TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(16));
    }

    [Fact]
    public async Task A_second_signal_stops_it_at_once()
    {
        var server = await Start();

        var told = Stopwatch.GetTimestamp();
        Tell(server, "-TERM");
        await Task.Delay(500);
        Tell(server, "-TERM");
        await server.WaitForExitAsync();

        Assert.Equal(0, server.ExitCode);
        Assert.InRange(Stopwatch.GetElapsedTime(told), TimeSpan.Zero, TimeSpan.FromSeconds(4.5));
    }

    [Fact]
    public async Task A_log_reader_that_hangs_stops_nobody()
    {
        // Each refusal by a limit is a line in the log; nobody reads the pipe, so it fills up and then the queue before it does.
        await Start(mayRead: false);
        using var client = Client();
        for (var request = 0; request < 5_000; request++)
        {
            using var reply = await client.GetAsync("/api/v1/credits/balance");
            Assert.Equal(request == 0 ? HttpStatusCode.Unauthorized : HttpStatusCode.TooManyRequests, reply.StatusCode);
        }

        Assert.Equal(HttpStatusCode.OK, await Ask("/health/ready"));
    }

    private async Task<Process> Start(bool mayRead = true)
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "mana-server"), ["serve"])
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        foreach (
            var (name, value) in new Dictionary<string, string>
            {
                ["ASPNETCORE_ENVIRONMENT"] = "Production",
                ["PORT"] = _port.ToString(CultureInfo.InvariantCulture),
                ["BASE_URL"] = "https://auth.example.com",
                ["CORS_ORIGINS"] = "https://app.example.com",
                ["DATABASE_URL"] = _database.AppUrl,
                ["BETTER_AUTH_SECRET"] = new string('s', 48),
                ["MANA_AUTH_KEK"] = Convert.ToBase64String(
                    new byte[32]
                        .Select((_, index) => (byte)index)
                        .ToArray()
                ),
                ["MANA_SERVICE_KEY"] = new string('k', 32),
                ["SMTP_HOST"] = "127.0.0.1",
                ["RATE_LIMIT_MAX"] = "1",
            }
        )
        {
            start.Environment[name] = value;
        }

        var server = Process.Start(start)!;
        _servers.Add(server);
        if (mayRead)
        {
            _ = server.StandardOutput.ReadToEndAsync();
        }

        for (var started = Stopwatch.GetTimestamp(); await Ask("/health/ready") != HttpStatusCode.OK; await Task.Delay(100))
        {
            Assert.False(server.HasExited, "the server did not start");
            Assert.True(Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(60), "not ready after a minute");
        }

        return server;
    }

    private static void Tell(Process server, string signal)
    {
        using var told = Process.Start("kill", [signal, server.Id.ToString(CultureInfo.InvariantCulture)]);
        told.WaitForExit();
    }

    /// <summary>Over a connection of its own, as a proxy's probe.</summary>
    private async Task<HttpStatusCode?> Ask(string path)
    {
        using var client = Client();
        try
        {
            using var reply = await client.GetAsync(path);
            return reply.StatusCode;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    private HttpClient Client() => new() { BaseAddress = new Uri($"http://127.0.0.1:{_port}"), Timeout = TimeSpan.FromSeconds(10) };

    private async Task<TcpClient> HalfARequest()
    {
        var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, _port);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes("GET /health HTTP/1.1\r\nHost: x\r\nX-Half"));

        return client;
    }
}
