using Npgsql;

namespace Mana.Platform.Database;

/// <summary>How the service connects: bounded waits everywhere, so that a sick database is a quick 503 and not a hanging request.</summary>
public static class DataSources
{
    private static readonly TimeSpan RequestLimit = TimeSpan.FromSeconds(4);

    /// <param name="settings">Whom to connect as, and how often.</param>
    public static NpgsqlDataSource Create(DatabaseSettings settings)
    {
        var address = new NpgsqlConnectionStringBuilder(PostgresUrl.ToConnectionString(settings.Url))
        {
            ApplicationName = "mana-core-auth",
            Timeout = 2,
            // The server gives up first and says so, then whoever asked stops waiting, and only then the driver, which blocks threads for it.
            CommandTimeout = (int)RequestLimit.TotalSeconds + 2,
            CancellationTimeout = 500,
            MaxPoolSize = settings.PoolMax,
            ConnectionIdleLifetime = 60,
            KeepAlive = 30,
            MaxAutoPrepare = settings.IsPooled ? 0 : 100,
            AutoPrepareMinUsages = 2,
            // A scope lives in its transaction and no session setting is ever made, so there is nothing to reset (DBS-03).
            NoResetOnClose = true,
            IncludeErrorDetail = false,
        };
        if (!settings.IsPooled)
        {
            // Behind a pooler the role carries these limits instead.
            address.Options =
                $"-c statement_timeout={RequestLimit.TotalMilliseconds} -c lock_timeout=2s -c idle_in_transaction_session_timeout=10s "
                + "-c client_connection_check_interval=500ms";
        }

        // Without a name, host and user of the address would become a metric's label.
        return new NpgsqlDataSourceBuilder(address.ConnectionString) { Name = "mana" }.Build();
    }

    /// <summary>
    /// The connection that listens: direct, never pooled, and quick to notice that nobody answers any more. Its clock-driven beat is the only
    /// thing it runs, so one second is a long time.
    /// </summary>
    public static string Listener(DatabaseSettings settings) =>
        new NpgsqlConnectionStringBuilder(PostgresUrl.ToConnectionString(settings.ListenUrl ?? settings.Url))
        {
            ApplicationName = "mana-core-auth feed",
            Pooling = false,
            Timeout = 2,
            CommandTimeout = 1,
            CancellationTimeout = 250,
            MaxAutoPrepare = 0,
        }.ConnectionString;
}
