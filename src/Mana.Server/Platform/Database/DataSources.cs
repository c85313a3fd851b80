using Npgsql;

namespace Mana.Platform.Database;

/// <summary>How the service connects: bounded waits everywhere, so that a sick database is a quick 503 and not a hanging request.</summary>
public static class DataSources
{
    /// <summary>Limits of the server side of every connection; behind a pooler the role carries them instead.</summary>
    private const string Limits =
        "-c statement_timeout=4s -c lock_timeout=2s -c idle_in_transaction_session_timeout=10s -c client_connection_check_interval=500ms";

    public static NpgsqlDataSource Create(DatabaseSettings settings)
    {
        var address = new NpgsqlConnectionStringBuilder(PostgresUrl.ToConnectionString(settings.Url))
        {
            ApplicationName = "mana-core-auth",
            Timeout = 2,
            CommandTimeout = 5,
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
            address.Options = Limits;
        }

        // Without a name, host and user of the address would become a metric's label.
        return new NpgsqlDataSourceBuilder(address.ConnectionString) { Name = "mana" }.Build();
    }
}
