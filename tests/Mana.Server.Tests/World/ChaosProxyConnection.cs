using System.Net.Sockets;

namespace Mana.Specs.World;

/// <summary>One connection through the <see cref="ChaosProxy"/>.</summary>
internal sealed class ChaosConnection(ChaosProxy proxy, TcpClient client, int number)
{
    private const int CancelRequest = 80_877_102;

    private const int TlsRequest = 80_877_103;

    private const int GssRequest = 80_877_104;

    private readonly CancellationTokenSource _end = new();

    private TcpClient? _upstream;

    public async Task Run()
    {
        try
        {
            await proxy.Gate(_end.Token);
            var upstream = await proxy.ConnectUpstream(_end.Token);
            _upstream = upstream;
            if (await Open(client.GetStream(), upstream.GetStream()))
            {
                await Task.WhenAny(Requests(client.GetStream(), upstream.GetStream()), Answers(upstream.GetStream(), client.GetStream()));
            }
        }
        catch (Exception broken) when (broken is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // One side went away; the other follows below.
        }
        finally
        {
            Cut();
        }
    }

    /// <summary>RST on both sides: nobody says goodbye when a machine dies.</summary>
    public void Cut()
    {
        _end.Cancel();
        Reset(client);
        if (_upstream is { } upstream)
        {
            Reset(upstream);
        }
    }

    /// <returns>False when the connection ends with its opening, as one that only cancels does.</returns>
    private async Task<bool> Open(NetworkStream from, NetworkStream to)
    {
        while (await PostgresMessages.Opening(from, _end.Token) is { } opening)
        {
            await proxy.Gate(_end.Token);
            if (opening.Code is TlsRequest or GssRequest)
            {
                await from.WriteAsync("N"u8.ToArray(), _end.Token);
                continue;
            }

            await to.WriteAsync(opening.Bytes, _end.Token);
            if (opening.Code != CancelRequest)
            {
                return true;
            }

            // PostgreSQL closes when it has taken the request; only then may the asking side learn of it.
            _ = await to.ReadAsync(new byte[1], _end.Token);
            return false;
        }

        return false;
    }

    /// <summary>Collects what the client sends in one go, so that a spec knows at BEGIN what begins.</summary>
    private async Task Requests(NetworkStream from, NetworkStream to)
    {
        var messages = new PostgresMessages(from, number, isRequest: true);
        var flight = new List<PostgresMessage>();
        while (await messages.Next(_end.Token) is { } message)
        {
            flight.Add(message);
            if (IsContinued(message))
            {
                continue;
            }

            if (proxy.Delay > TimeSpan.Zero)
            {
                await Task.Delay(proxy.Delay, _end.Token);
            }

            foreach (var part in flight)
            {
                part.Flight = flight;
                await Deliver(part, to);
            }

            flight = [];
        }
    }

    private async Task Answers(NetworkStream from, NetworkStream to)
    {
        var messages = new PostgresMessages(from, number, isRequest: false);
        while (await messages.Next(_end.Token) is { } message)
        {
            await Deliver(message, to);
        }
    }

    private async Task Deliver(PostgresMessage message, NetworkStream to)
    {
        await proxy.Gate(_end.Token);
        var fate = proxy.Watch is { } watch ? await watch(message, _end.Token) : Fate.Forward;
        if (fate != Fate.CutBefore)
        {
            await to.WriteAsync(message.Bytes, _end.Token);
        }

        if (fate != Fate.Forward)
        {
            Cut();
            throw new IOException("cut");
        }
    }

    /// <summary>The driver sends BEGIN together with the first statements, and these without waiting up to Sync.</summary>
    private static bool IsContinued(PostgresMessage message) =>
        message.Type is 'P' or 'B' or 'D' or 'E' or 'C'
        || (message.Type == 'Q' && message.Sql.StartsWith("BEGIN", StringComparison.Ordinal));

    private static void Reset(TcpClient side)
    {
        try
        {
            side.Client?.Close(0);
            side.Dispose();
        }
        catch (ObjectDisposedException)
        {
            // Cut from both ends at once.
        }
    }
}
