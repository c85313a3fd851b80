using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Mana.Operations;
using Mana.Platform.Database;
using Npgsql;

namespace Mana.Specs.World;

/// <summary>
/// A PostgreSQL of its own, durable, with the migrated schema: what a spec may stop in the middle of its work. The programs are those of the
/// server the other specs run on.
/// </summary>
public sealed class OwnPostgres : IAsyncDisposable
{
    private const string Password = "spec-only";

    private const string Name = "mana";

    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(60);

    private readonly string _programs;

    private readonly string? _account;

    private readonly string _folder;

    private readonly int _port;

    private Process? _postmaster;

    private OwnPostgres(string programs, string? account, string folder, int port) =>
        (_programs, _account, _folder, _port) = (programs, account, folder, port);

    public Database Database => new(Name, Url("mana_app"), Url("mana_owner"), Url("postgres"));

    public static async Task<OwnPostgres> Create(Database beside)
    {
        var data = await beside.Read<string>("select current_setting('data_directory')");
        var postgres = new OwnPostgres(
            await beside.Read<string>("select setting from pg_config where name = 'BINDIR'"),
            Environment.IsPrivilegedProcess ? (await Output("stat", "-c", "%U", data)).Trim() : null,
            Directory.CreateTempSubdirectory("mana-killed-").FullName,
            FreePort()
        );
        try
        {
            await postgres.Initialise();
            await postgres.Start();
            await postgres.Migrate();
        }
        catch
        {
            await postgres.DisposeAsync();
            throw;
        }

        return postgres;
    }

    /// <summary>Starts it and waits until it has recovered and takes connections.</summary>
    public async Task Start()
    {
        _postmaster = Process.Start(
            Describe(
                "postgres",
                [
                    "-D",
                    Path.Combine(_folder, "data"),
                    "-c",
                    string.Create(CultureInfo.InvariantCulture, $"port={_port}"),
                    "-c",
                    "listen_addresses=127.0.0.1",
                    "-c",
                    "unix_socket_directories=",
                    "-c",
                    "fsync=on",
                    "-c",
                    "synchronous_commit=on",
                    "-c",
                    "logging_collector=off",
                ]
            )
        )!;
        _postmaster.BeginErrorReadLine();
        _postmaster.BeginOutputReadLine();
        for (var started = Stopwatch.GetTimestamp(); ; await Task.Delay(20))
        {
            Assert.False(_postmaster.HasExited, "PostgreSQL ended before it took connections.");
            Assert.True(Stopwatch.GetElapsedTime(started) < StartPatience, "PostgreSQL does not take connections.");
            try
            {
                await Ask("select 1", "postgres");
                return;
            }
            catch (NpgsqlException)
            {
                // It starts, or recovers.
            }
        }
    }

    /// <summary>The immediate stop: no checkpoint, no farewell to anybody; the next start recovers from the log.</summary>
    public async Task StopImmediately()
    {
        // The postmaster by the number in its file: what we started may be the program that lent it another account.
        var number = (await File.ReadAllLinesAsync(Path.Combine(_folder, "data", "postmaster.pid")))[0];
        await Output("kill", "-QUIT", number.Trim());
        await _postmaster!.WaitForExitAsync();
        _postmaster.Dispose();
        _postmaster = null;
    }

    public async ValueTask DisposeAsync()
    {
        if (_postmaster is { HasExited: false })
        {
            await StopImmediately();
        }

        Directory.Delete(_folder, recursive: true);
    }

    private async Task Initialise()
    {
        if (_account is not null)
        {
            await Output("chown", _account, _folder);
        }

        using var initdb = Process.Start(
            Describe(
                "initdb",
                [
                    "-D",
                    Path.Combine(_folder, "data"),
                    "--username=postgres",
                    "--auth=trust",
                    "--encoding=UTF8",
                    "--locale=C.UTF-8",
                    "--no-sync",
                ]
            )
        )!;
        var (said, complained) = (initdb.StandardOutput.ReadToEndAsync(), initdb.StandardError.ReadToEndAsync());
        await initdb.WaitForExitAsync();
        Assert.True(initdb.ExitCode == 0, await said + await complained);
    }

    private async Task Migrate()
    {
        var environment = new Dictionary<string, string>
        {
            ["ADMIN_DATABASE_URL"] = Url("postgres", "postgres"),
            ["MIGRATION_DATABASE_URL"] = Url("mana_owner"),
            ["DATABASE_URL"] = Url("mana_app"),
        };
        var output = new StringWriter();
        var exit = await MigrateCommand.Run(["--roles"], environment, output, CancellationToken.None);
        exit = exit == 0 ? await MigrateCommand.Run(["up"], environment, output, CancellationToken.None) : exit;
        Assert.True(exit == 0, output.ToString());
    }

    private async Task Ask(string sql, string database)
    {
        var address = new NpgsqlConnectionStringBuilder(PostgresUrl.ToConnectionString(Url("postgres", database)))
        {
            Pooling = false,
            Timeout = 2,
        };
        await using var connection = new NpgsqlConnection(address.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    private string Url(string role, string database = Name) =>
        string.Create(CultureInfo.InvariantCulture, $"postgresql://{role}:{Password}@127.0.0.1:{_port}/{database}");

    /// <summary>PostgreSQL refuses root, so root lends it the account the other server runs as.</summary>
    private ProcessStartInfo Describe(string program, string[] arguments)
    {
        var path = Path.Combine(_programs, program);

        return new ProcessStartInfo(
            _account is null ? path : "setpriv",
            _account is null ? arguments : [$"--reuid={_account}", $"--regid={_account}", "--clear-groups", path, .. arguments]
        )
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
            UseShellExecute = false,
            WorkingDirectory = _folder,
        };
    }

    private static async Task<string> Output(string program, params string[] arguments)
    {
        using var process = Process.Start(
            new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, UseShellExecute = false }
        )!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"{program} ended with {process.ExitCode}");

        return output;
    }

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();

        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
