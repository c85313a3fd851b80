using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using Mana.Build.Machine;
using Mana.Build.Postgres;

namespace Mana.Build.Commands;

/// <summary>Everything a developer needs, in the foreground: PostgreSQL, roles, migrations, the server, a person to sign in with.</summary>
internal static class Dev
{
    private const string SampleEmail = "sample@example.com";
    private const string SamplePassword = "password123";

    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    public static async Task<int> Run(string[] arguments, Toolbox tools)
    {
        if (arguments.Length > 0)
        {
            throw new Misuse("it takes no arguments; settings are variables of the environment, like PORT");
        }
        await Builds.Server(tools);
        await using var postgres = await tools.Postgres(Purpose.Dev);
        var program = await ServerProgram.On(postgres, tools);
        await program.Prepare();
        using var port = await Claim(tools);
        using var server = program.Serve();
        await File.WriteAllTextAsync(PidFile(tools), server.Id.ToString(CultureInfo.InvariantCulture), CancellationToken.None);
        try
        {
            await Introduce(server, tools);
            var exitCode = await Machine.Run.End(server, tools.Stop);
            return tools.Stop.IsCancellationRequested ? 0 : exitCode;
        }
        catch (OperationCanceledException) when (tools.Stop.IsCancellationRequested)
        {
            return 0;
        }
        finally
        {
            await Machine.Run.Stop(server);
            File.Delete(PidFile(tools));
        }
    }

    private static async Task Introduce(Process server, Toolbox tools)
    {
        using var client = new HttpClient { BaseAddress = new Uri($"http://localhost:{ServerProgram.Port}") };
        await Ready(client, server, tools.Stop);
        var person = await Person(client, tools.Stop);
        var downloads = tools.Downloads.Total > TimeSpan.Zero ? $" ({Say.Seconds(tools.Downloads.Total)} of it downloads)" : "";
        Say.Line(
            $"""

            ready in {Say.Seconds(tools.Elapsed)}{downloads}
              address  {ServerProgram.Address}
              mailbox  {ServerProgram.Address}/dev/mail
              person   {person}
            Ctrl-C stops it; ./mana tour walks the main job.

            """
        );
    }

    private static async Task Ready(HttpClient client, Process server, CancellationToken stop)
    {
        var watch = Stopwatch.StartNew();
        while (watch.Elapsed < StartLimit)
        {
            if (server.HasExited)
            {
                throw new Failure($"The server ended with exit code {server.ExitCode} before it was ready; its own words stand above.");
            }
            try
            {
                using var answer = await client.GetAsync("/health/ready", stop);
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
        throw new Failure($"The server runs but is not ready after {StartLimit.TotalSeconds:0} s: see {client.BaseAddress}health/ready.");
    }

    private static async Task<string> Person(HttpClient client, CancellationToken stop)
    {
        var sample = new
        {
            email = SampleEmail,
            password = SamplePassword,
            name = "Sample",
        };
        using var answer = await client.PostAsJsonAsync("/api/v1/auth/register", sample, stop);
        return answer.IsSuccessStatusCode || answer.StatusCode == HttpStatusCode.Conflict
            ? $"{SampleEmail} / {SamplePassword}"
            : $"none, because registering answered {(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync(stop)}";
    }

    /// <summary>
    /// Makes the port ours. A server that outlived its ./mana (SIGKILL) is ended, but only when it is of this checkout and nobody holds
    /// the lock of a living one.
    /// </summary>
    private static async Task<IDisposable> Claim(Toolbox tools)
    {
        var folder = tools.Folders.ForPurpose(Purpose.Dev.Name);
        var held =
            FileLock.TryExclusive(Path.Combine(folder, $"server-{ServerProgram.Port}.lock"))
            ?? throw Taken("another ./mana dev of this checkout serves it");
        if (
            File.Exists(PidFile(tools))
            && int.TryParse(await File.ReadAllTextAsync(PidFile(tools), tools.Stop), CultureInfo.InvariantCulture, out var process)
            && Orphan(process, tools) is { } orphan
        )
        {
            using (orphan)
            {
                Say.Line($"ending the server {process}, left over from a ./mana that was killed");
                await Machine.Run.Stop(orphan);
            }
        }
        if (await IsTaken())
        {
            held.Dispose();
            throw Taken("another program listens there");
        }
        return held;
    }

    private static Process? Orphan(int id, Toolbox tools)
    {
        try
        {
            var commandLine = $"/proc/{id}/cmdline";
            return File.Exists(commandLine) && File.ReadAllText(commandLine).Split('\0').Contains(tools.Checkout.ServerDll)
                ? Process.GetProcessById(id)
                : null;
        }
        catch (Exception gone) when (gone is IOException or ArgumentException)
        {
            return null;
        }
    }

    private static async Task<bool> IsTaken()
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync("localhost", int.Parse(ServerProgram.Port, CultureInfo.InvariantCulture));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static Failure Taken(string why) =>
        new($"Port {ServerProgram.Port} is taken: {why}.", $"choose another one: PORT=3002 ./mana dev", "end the other program");

    private static string PidFile(Toolbox tools) =>
        Path.Combine(tools.Folders.ForPurpose(Purpose.Dev.Name), $"server-{ServerProgram.Port}.pid");
}
