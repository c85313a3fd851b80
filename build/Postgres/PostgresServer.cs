using System.Net.Sockets;
using Mana.Build.Machine;

namespace Mana.Build.Postgres;

/// <summary>
/// The PostgreSQL a command works with, as addresses for each role: a cluster of this checkout, or a server of one's own (DATABASE_URL).
/// A DATABASE_URL alone is the privileged login of a developer's server; together with MIGRATION_DATABASE_URL both are taken as they are.
/// </summary>
internal sealed class PostgresServer : IAsyncDisposable
{
    private const string DatabaseName = "mana";
    private const string MaintenanceDatabase = "postgres";
    private const string OwnerRole = "mana_owner";
    private const string AppRole = "mana_app";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly Cluster? cluster;

    private PostgresServer(Cluster? cluster, DatabaseUrl? admin, DatabaseUrl owner, DatabaseUrl app)
    {
        this.cluster = cluster;
        Admin = admin;
        Owner = owner;
        App = app;
    }

    /// <summary>The login that may create roles and databases; null when the environment names only the roles themselves.</summary>
    public DatabaseUrl? Admin { get; }

    public DatabaseUrl Owner { get; }

    public DatabaseUrl App { get; }

    /// <summary>Whether it is somebody's server and not a cluster of ours.</summary>
    public bool IsForeign => cluster is null;

    public static async Task<PostgresServer> Open(Purpose purpose, Toolbox tools)
    {
        if (Toolbox.Setting("DATABASE_URL") is { } given)
        {
            return await Foreign(DatabaseUrl.Parse("DATABASE_URL", given), tools.Stop);
        }
        var cluster = await Cluster.Start(purpose, tools);
        var database = cluster.Superuser with { Database = DatabaseName };
        return new PostgresServer(
            cluster,
            cluster.Superuser,
            database with
            {
                User = OwnerRole,
                Password = cluster.Passwords.Owner,
            },
            database with
            {
                User = AppRole,
                Password = cluster.Passwords.App,
            }
        );
    }

    public ValueTask DisposeAsync() => cluster?.DisposeAsync() ?? ValueTask.CompletedTask;

    private static async Task<PostgresServer> Foreign(DatabaseUrl given, CancellationToken stop)
    {
        await Reach(given, stop);
        if (Toolbox.Setting("MIGRATION_DATABASE_URL") is { } owner)
        {
            return new PostgresServer(null, null, DatabaseUrl.Parse("MIGRATION_DATABASE_URL", owner), given);
        }
        // The databases every server has are for administration; ours gets a name of its own beside them.
        var name = given.Database is "" or MaintenanceDatabase or "template1" ? DatabaseName : given.Database;
        var password = given.RolePassword();
        return new PostgresServer(
            null,
            // The database of the address need not exist yet; the one every server has is where roles and databases are made.
            given with
            {
                Database = MaintenanceDatabase,
            },
            given with
            {
                User = OwnerRole,
                Password = password,
                Database = name,
            },
            given with
            {
                User = AppRole,
                Password = password,
                Database = name,
            }
        );
    }

    private static async Task Reach(DatabaseUrl url, CancellationToken stop)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(Patience);
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(url.Host.Trim('[', ']'), url.Port, limit.Token);
        }
        catch (Exception refused) when (refused is SocketException or OperationCanceledException && !stop.IsCancellationRequested)
        {
            throw new Failure(
                $"DATABASE_URL names {url.Host}:{url.Port}, and nothing answers there.",
                "start that server",
                "correct DATABASE_URL",
                "unset DATABASE_URL: ./mana then brings its own PostgreSQL"
            );
        }
    }
}
