using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Mana.Specs.World;

/// <summary>What becomes of one message.</summary>
public enum Fate
{
    Forward,

    /// <summary>The connection is reset on both sides; the message never arrives.</summary>
    CutBefore,

    /// <summary>The message arrives, then the connection is reset.</summary>
    CutAfter,
}

/// <summary>How the proxy treats connections, living and new ones.</summary>
public enum Line
{
    Pass,

    /// <summary>Nothing listens, as when PostgreSQL is stopped; what lived is reset.</summary>
    Refuse,

    /// <summary>Connections are accepted and reset at once.</summary>
    Reset,

    /// <summary>Everything is accepted and nothing is forwarded, without an end: a dead network.</summary>
    Blackhole,
}

/// <summary>
/// Stands between the server and PostgreSQL and understands enough of the protocol to act at message boundaries. It answers no to TLS, so
/// that there is something to understand.
/// </summary>
public sealed class ChaosProxy : IAsyncDisposable
{
    private readonly string _host;

    private readonly int _upstreamPort;

    private readonly ConcurrentDictionary<ChaosConnection, bool> _living = new();

    private readonly CancellationTokenSource _stop = new();

    private TcpListener _listener = new(IPAddress.Loopback, 0);

    private TaskCompletionSource _open = Opened();

    private int _connections;

    public ChaosProxy(string databaseUrl)
    {
        var upstream = new Uri(databaseUrl);
        (_host, _upstreamPort) = (upstream.Host, upstream.Port);
        Listen();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
    }

    public int Port { get; }

    public Line Line { get; private set; }

    /// <summary>Added to every round trip.</summary>
    public TimeSpan Delay { get; set; }

    /// <summary>
    /// Asked before each message; may wait as long as it likes, which holds its direction of the connection at exactly this boundary. The
    /// token ends when the connection does.
    /// </summary>
    public Func<PostgresMessage, CancellationToken, Task<Fate>>? Watch { get; set; }

    /// <summary>The same database through the proxy.</summary>
    public string Route(string databaseUrl) =>
        new UriBuilder(databaseUrl) { Host = "127.0.0.1", Port = Port }
            .Uri
            .AbsoluteUri;

    public void Set(Line line)
    {
        var before = Line;
        Line = line;
        if (line == Line.Blackhole)
        {
            _open = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
        else
        {
            _open.TrySetResult();
        }

        if (line is Line.Refuse)
        {
            _listener.Stop();
        }
        else if (before is Line.Refuse)
        {
            _listener = new TcpListener(IPAddress.Loopback, Port);
            Listen();
        }

        if (line is Line.Refuse or Line.Reset)
        {
            CutAll();
        }
    }

    /// <summary>Resets every living connection, both sides.</summary>
    public void CutAll()
    {
        foreach (var connection in _living.Keys)
        {
            connection.Cut();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        CutAll();
        _stop.Dispose();
    }

    /// <summary>Waits while nothing may pass.</summary>
    internal Task Gate(CancellationToken cancel) => _open.Task.WaitAsync(cancel);

    internal async Task<TcpClient> ConnectUpstream(CancellationToken cancel)
    {
        var upstream = new TcpClient { NoDelay = true };
        await upstream.ConnectAsync(_host, _upstreamPort, cancel);

        return upstream;
    }

    private void Listen()
    {
        _listener.Start();
        _ = Accept(_listener);
    }

    private async Task Accept(TcpListener listener)
    {
        try
        {
            while (true)
            {
                var client = await listener.AcceptTcpClientAsync(_stop.Token);
                client.NoDelay = true;
                var connection = new ChaosConnection(this, client, Interlocked.Increment(ref _connections));
                _living[connection] = true;
                if (Line == Line.Reset)
                {
                    connection.Cut();
                }

                _ = connection.Run().ContinueWith(_ => _living.TryRemove(connection, out bool _), TaskScheduler.Default);
            }
        }
        catch (Exception stopped) when (stopped is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // Stopped, or refusing.
        }
    }

    private static TaskCompletionSource Opened()
    {
        var opened = new TaskCompletionSource();
        opened.SetResult();

        return opened;
    }
}
