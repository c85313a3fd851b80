using Npgsql;

namespace Mana.Platform.Database.Migrations;

/// <summary>The connection migrations run on: unpooled, direct, and watched by the server.</summary>
public static class MigrationConnection
{
    /// <summary>Connects once. What the server has to say while statements run goes to <paramref name="output"/>.</summary>
    public static async Task<NpgsqlConnection> Open(string connectionString, TextWriter output, CancellationToken cancel)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString)
        {
            // A pooled connection would keep the lock after its user is gone.
            Pooling = false,
            Multiplexing = false,
            Enlist = false,
            Timeout = ConnectSeconds,
            CommandTimeout = 0,
            TcpKeepAlive = true,
            TcpKeepAliveTime = KeepAliveSeconds,
            TcpKeepAliveInterval = KeepAliveSeconds,
            ApplicationName = "mana migrate",
            PersistSecurityInfo = false,
            IncludeErrorDetail = false,
        };
        var connection = new NpgsqlConnection(settings.ConnectionString);
        try
        {
            connection.Notice += (_, said) => output.WriteLine($"  {said.Notice.Severity}: {said.Notice.MessageText}");
            await connection.OpenAsync(cancel);
            if (connection.PostgreSqlVersion.Major < OldestServer)
            {
                throw new MigrationException(
                    $"the server is PostgreSQL {connection.PostgreSqlVersion.Major}; {OldestServer} or newer is needed"
                );
            }

            await Configure(connection, cancel);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>Puts the session back as it was opened, so that a <c>set</c> in one file does not reach the next.</summary>
    public static async Task Reset(NpgsqlConnection connection, CancellationToken cancel)
    {
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(new("reset role"));
        batch.BatchCommands.Add(new("reset all"));
        await batch.ExecuteNonQueryAsync(cancel);
        await Configure(connection, cancel);
    }

    private const int OldestServer = 15;
    private const int ConnectSeconds = 30;
    private const int KeepAliveSeconds = 10;

    /// <summary>
    /// A waiting DDL statement queues everyone behind it: after five seconds it gives up instead. The time limits of a role are meant for
    /// requests and not for migrations. The keep-alives end the session of a host that vanished. The check interval ends the statement
    /// of a killed migrator, which would otherwise run to its end and keep the lock until then (ADR-0005).
    /// </summary>
    private static async Task Configure(NpgsqlConnection connection, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(
            """
            do $$
            begin
                perform
                    set_config('lock_timeout', '5s', false),
                    set_config('statement_timeout', '0', false),
                    set_config('idle_in_transaction_session_timeout', '0', false),
                    set_config('tcp_keepalives_idle', '10', false),
                    set_config('tcp_keepalives_interval', '10', false),
                    set_config('tcp_keepalives_count', '3', false);
                begin
                    perform set_config('client_connection_check_interval', '500ms', false);
                exception when invalid_parameter_value then
                    raise notice 'this server cannot watch for a lost client: the lock of a killed migrator stays until its statement ends';
                end;
            end
            $$
            """,
            connection
        );
        await command.ExecuteNonQueryAsync(cancel);
    }
}
