using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Mana.Specs.World;

/// <summary>A mail server that keeps what it is given: it speaks SMTP on a port of its own, so the sender is the real one.</summary>
public sealed class SmtpSink : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

    private readonly CancellationTokenSource _stop = new();

    private readonly ConcurrentQueue<string> _mails = new();

    public SmtpSink()
    {
        _listener.Start();
        _ = Accept();
    }

    /// <summary>A mail whose text has arrived is accepted once this is done; until then its sender waits.</summary>
    public Task Accepting { get; set; } = Task.CompletedTask;

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Raw mails, oldest first.</summary>
    public IReadOnlyList<string> Mails => [.. _mails];

    /// <summary>The newest mail to somebody; waits for the queue to deliver it.</summary>
    public async Task<string> MailTo(string address)
    {
        var end = DateTime.UtcNow.AddSeconds(10);
        while (DateTime.UtcNow < end)
        {
            if (To(address).LastOrDefault() is { } found)
            {
                return found;
            }

            await Task.Delay(20);
        }

        throw new TimeoutException($"no mail to {address}");
    }

    /// <summary>The link in the newest mail to somebody that has one; waits for it.</summary>
    public async Task<Uri> LinkTo(string address)
    {
        await MailTo(address);

        return LinksTo(address).LastOrDefault() ?? throw new InvalidOperationException($"no link to {address}");
    }

    /// <summary>The links in all mails somebody has got so far, oldest first.</summary>
    public IEnumerable<Uri> LinksTo(string address) => To(address).Select(LinkIn).OfType<Uri>();

    /// <summary>The newest link to somebody that leads to a path; mails arrive in any order. Waits for the queue to deliver it.</summary>
    public async Task<Uri> LinkTo(string address, string path)
    {
        var end = DateTime.UtcNow.AddSeconds(10);
        while (DateTime.UtcNow < end)
        {
            if (LinksTo(address).LastOrDefault(link => link.AbsolutePath == path) is { } found)
            {
                return found;
            }

            await Task.Delay(20);
        }

        throw new TimeoutException($"no link to {path} for {address}");
    }

    /// <summary>The plain texts of all mails somebody has got so far, oldest first.</summary>
    public IEnumerable<string> TextsTo(string address) =>
        _mails.Where(mail => mail.Contains($"To: {address}", StringComparison.OrdinalIgnoreCase)).Select(Text);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        _stop.Dispose();
    }

    private IEnumerable<string> To(string address) =>
        _mails.Where(mail => mail.Contains($"To: {address}", StringComparison.OrdinalIgnoreCase));

    private static Uri? LinkIn(string mail) =>
        Text(mail).Split((char[]?)null).FirstOrDefault(word => word.StartsWith("http", StringComparison.Ordinal)) is { } link
            ? new Uri(link)
            : null;

    /// <summary>The plain-text part, decoded.</summary>
    private static string Text(string mail)
    {
        var part = mail[mail.IndexOf("text/plain", StringComparison.OrdinalIgnoreCase)..];
        var header = part[..part.IndexOf("\n\n", StringComparison.Ordinal)];
        var body = part[(header.Length + 2)..];
        var end = body.IndexOf("\n--", StringComparison.Ordinal);
        body = (end < 0 ? body : body[..end]).Trim();
        if (header.Contains("base64", StringComparison.OrdinalIgnoreCase))
        {
            return Encoding.UTF8.GetString(Convert.FromBase64String(body.Replace("\n", "", StringComparison.Ordinal)));
        }

        return header.Contains("quoted-printable", StringComparison.OrdinalIgnoreCase) ? Unquoted(body) : body;
    }

    private static string Unquoted(string text)
    {
        var joined = text.Replace("=\n", "", StringComparison.Ordinal);
        var bytes = new List<byte>();
        for (var index = 0; index < joined.Length; index++)
        {
            if (joined[index] == '=' && index + 2 < joined.Length)
            {
                bytes.Add(Convert.ToByte(joined.Substring(index + 1, 2), 16));
                index += 2;
            }
            else
            {
                bytes.AddRange(Encoding.UTF8.GetBytes(joined[index].ToString()));
            }
        }

        return Encoding.UTF8.GetString([.. bytes]);
    }

    private async Task Accept()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                _ = Talk(client);
            }
            catch (Exception stopped) when (stopped is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private async Task Talk(TcpClient client)
    {
        try
        {
            using var _ = client;
            await using var stream = client.GetStream();
            using var reader = new StreamReader(stream, Encoding.UTF8);
            await using var writer = new StreamWriter(stream, new UTF8Encoding(false)) { NewLine = "\r\n", AutoFlush = true };
            await writer.WriteLineAsync("220 sink");
            while (await reader.ReadLineAsync(_stop.Token) is { } line)
            {
                if (line.StartsWith("DATA", StringComparison.OrdinalIgnoreCase))
                {
                    await writer.WriteLineAsync("354 go on");
                    _mails.Enqueue(await Data(reader));
                    await Accepting;
                    await writer.WriteLineAsync("250 kept");
                }
                else if (line.StartsWith("EHLO", StringComparison.OrdinalIgnoreCase))
                {
                    await writer.WriteLineAsync("250-sink");
                    await writer.WriteLineAsync("250 SMTPUTF8");
                }
                else if (line.StartsWith("QUIT", StringComparison.OrdinalIgnoreCase))
                {
                    await writer.WriteLineAsync("221 bye");
                    return;
                }
                else
                {
                    await writer.WriteLineAsync("250 ok");
                }
            }
        }
        catch (Exception broken) when (broken is IOException or OperationCanceledException or SocketException)
        {
            // The sender went away; whatever it had not finished was not delivered.
        }
    }

    private static async Task<string> Data(StreamReader reader)
    {
        var mail = new StringBuilder();
        while (await reader.ReadLineAsync() is { } line && line != ".")
        {
            mail.Append(line.StartsWith("..", StringComparison.Ordinal) ? line[1..] : line).Append('\n');
        }

        return mail.ToString();
    }
}
