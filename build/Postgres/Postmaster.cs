using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Mana.Build.Machine;

namespace Mana.Build.Postgres;

/// <summary>The running server of a data folder: found, started, stopped.</summary>
internal sealed record Postmaster(int Process, int Port)
{
    private const int PortAttempts = 5;
    private const int StartSeconds = 120;
    private const int StopSeconds = 60;
    private const int LogLimit = 10 * 1024 * 1024;
    private const int LogLines = 12;

    // Lines of postmaster.pid, counted from zero; the same since PostgreSQL 10.
    private const int PortLine = 3;
    private const int StatusLine = 7;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>The server that runs on this data, whoever started it; null when none does. One that still starts or stops is waited for.</summary>
    public static async Task<Postmaster?> Running(DataFolder data)
    {
        for (var waited = TimeSpan.Zero; waited.TotalSeconds < StartSeconds; waited += Pause)
        {
            if (Read(data) is not var (found, isReady))
            {
                return null;
            }
            if (!await IsOurs(found.Process, data))
            {
                // After a power failure, or in a container with a kept /var/tmp, the number belongs to another program by now,
                // and PostgreSQL would refuse to start because of it.
                File.Delete(PidFile(data));
                return null;
            }
            if (isReady && await Accepts(found.Port))
            {
                return found;
            }
            await Task.Delay(Pause);
        }
        return null;
    }

    /// <summary>Starts on a free port of the loopback interface. Null when this data cannot be started; the log says why.</summary>
    public static async Task<Postmaster?> Start(DataFolder data)
    {
        for (var attempt = 0; attempt < PortAttempts; attempt++)
        {
            if (File.Exists(data.Log) && new FileInfo(data.Log).Length > LogLimit)
            {
                File.Delete(data.Log);
            }
            var before = File.Exists(data.Log) ? new FileInfo(data.Log).Length : 0;
            // pg_ctl always with -l: without it the server keeps our output open and whoever reads that waits for ever.
            string[] arguments =
            [
                "start",
                "-D",
                data.Path,
                "-l",
                data.Log,
                "-w",
                "-t",
                $"{StartSeconds}",
                "-s",
                "-o",
                await Options(data, FreePort()),
            ];
            var answer = await Run.Quietly(await data.Program("pg_ctl", arguments));
            if (!answer.Failed && Read(data) is var (started, _))
            {
                return started;
            }
            if (!(await LogSince(data, before)).Contains("Address already in use", StringComparison.OrdinalIgnoreCase))
            {
                return null;
            }
        }
        return null;
    }

    public static async Task Stop(DataFolder data) =>
        await Run.Quietly(await data.Program("pg_ctl", "stop", "-D", data.Path, "-m", "fast", "-w", "-t", $"{StopSeconds}", "-s"));

    /// <summary>The last lines of the server's log.</summary>
    public static async Task<string> LastWords(DataFolder data) =>
        string.Join('\n', (await LogSince(data, 0)).Split('\n', StringSplitOptions.RemoveEmptyEntries).TakeLast(LogLines));

    private static async Task<string> Options(DataFolder data, int port)
    {
        List<string> settings =
        [
            "listen_addresses=127.0.0.1",
            "unix_socket_directories=",
            $"port={port}",
            "max_connections=200",
            "jit=off",
            "log_min_messages=warning",
            .. data.Purpose.Settings,
        ];
        foreach (var wish in data.Purpose.Wishes)
        {
            var asked = await Run.Quietly(await data.Program("postgres", "-D", data.Path, "-C", wish.Split('=')[0], "-c", wish));
            if (!asked.Failed)
            {
                settings.Add(wish);
            }
        }
        return string.Join(' ', settings.Select(setting => "-c " + setting));
    }

    private static (Postmaster Server, bool IsReady)? Read(DataFolder data)
    {
        string[] lines;
        try
        {
            lines = File.ReadAllLines(PidFile(data));
        }
        catch (IOException)
        {
            return null;
        }
        return
            lines.Length > PortLine
            && int.TryParse(lines[0], CultureInfo.InvariantCulture, out var process)
            && int.TryParse(lines[PortLine], CultureInfo.InvariantCulture, out var port)
            ? (new Postmaster(process, port), lines.Length > StatusLine && lines[StatusLine].Trim() == "ready")
            : null;
    }

    private static async Task<bool> IsOurs(int process, DataFolder data)
    {
        if (OperatingSystem.IsWindows())
        {
            return !(await Run.Quietly(await data.Program("pg_ctl", "status", "-D", data.Path))).Failed;
        }
        if (!OperatingSystem.IsLinux())
        {
            var listed = await Run.Quietly(new Invocation("ps", "-o", "args=", "-p", $"{process}"));
            return listed.Output.Contains(data.Path, StringComparison.Ordinal);
        }
        try
        {
            var words = (await File.ReadAllTextAsync($"/proc/{process}/cmdline")).Split('\0');
            return words.Contains(data.Path);
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static async Task<bool> Accepts(int port)
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(IPAddress.Loopback, port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    // Asked for and given back: another program may take it before PostgreSQL does, hence the attempts.
    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static async Task<string> LogSince(DataFolder data, long position)
    {
        if (!File.Exists(data.Log))
        {
            return "";
        }
        await using var log = new FileStream(data.Log, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        log.Position = Math.Max(position, log.Length - LogLimit);
        using var reader = new StreamReader(log);
        return await reader.ReadToEndAsync();
    }

    private static string PidFile(DataFolder data) => Path.Combine(data.Path, "postmaster.pid");
}
