using Mana.Operations;
using Mana.Platform.Database;
using Npgsql;

namespace Mana.Specs.World;

/// <summary>
/// Databases with the roles of production. One is migrated per run and serves as template; every house gets a copy of its own, which takes
/// a few dozen milliseconds.
/// </summary>
public static class Databases
{
    private static readonly SemaphoreSlim Turn = new(1, 1);

    private static readonly string Run = Guid.NewGuid().ToString("N")[..8];

    private static bool _isReady;

    private static string Admin =>
        Environment.GetEnvironmentVariable("MANA_TEST_ADMIN_URL")
        ?? throw new InvalidOperationException(
            "MANA_TEST_ADMIN_URL is not set: run the specs with ./mana test, which starts a PostgreSQL."
        );

    private static string RolePassword => Environment.GetEnvironmentVariable("MANA_TEST_ROLE_PASSWORD") ?? "spec-only";

    private static string Template => $"mana_spec_{Run}";

    /// <summary>A fresh copy of the migrated schema.</summary>
    public static async Task<Database> Create()
    {
        await Turn.WaitAsync();
        try
        {
            if (!_isReady)
            {
                await MakeTemplate();
                _isReady = true;
            }

            // A template can be copied only while nobody is connected to it, so copies are made one after another, unpooled.
            var name = $"{Template}_{Guid.NewGuid().ToString("N")[..8]}";
            await Execute($"create database {name} template {Template} owner mana_owner strategy file_copy");
            return new Database(name, Url("mana_app", name), Url("mana_owner", name), On(Admin, name));
        }
        finally
        {
            Turn.Release();
        }
    }

    /// <summary>An empty database with the roles but without any migration.</summary>
    public static async Task<Database> CreateEmpty()
    {
        await Create().ContinueWith(async made => await Drop((await made).Name), TaskScheduler.Default).Unwrap();
        var name = $"{Template}_{Guid.NewGuid().ToString("N")[..8]}";
        await Execute($"create database {name} owner mana_owner");

        return new Database(name, Url("mana_app", name), Url("mana_owner", name), On(Admin, name));
    }

    public static Task Drop(string name) => Execute($"drop database if exists {name} with (force)");

    private static async Task MakeTemplate()
    {
        var environment = new Dictionary<string, string>
        {
            ["ADMIN_DATABASE_URL"] = Admin,
            ["MIGRATION_DATABASE_URL"] = Url("mana_owner", Template),
            ["DATABASE_URL"] = Url("mana_app", Template),
        };
        var output = new StringWriter();
        var exit = await MigrateCommand.Run(["--roles"], environment, output, CancellationToken.None);
        exit = exit == 0 ? await MigrateCommand.Run(["up"], environment, output, CancellationToken.None) : exit;
        Assert.True(exit == 0, output.ToString());
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Drop(Template).Wait(TimeSpan.FromSeconds(5));
    }

    private static string Url(string role, string database)
    {
        var admin = new Uri(Admin);

        return $"postgresql://{role}:{Uri.EscapeDataString(RolePassword)}@{admin.Host}:{admin.Port}/{database}";
    }

    private static string On(string url, string database) =>
        new UriBuilder(url) { Path = "/" + database }
            .Uri
            .AbsoluteUri;

    private static async Task Execute(string sql)
    {
        var address = new NpgsqlConnectionStringBuilder(PostgresUrl.ToConnectionString(Admin)) { Pooling = false, CommandTimeout = 60 };
        await using var connection = new NpgsqlConnection(address.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}

/// <summary>One database and its three ways in.</summary>
public sealed record Database(string Name, string AppUrl, string OwnerUrl, string AdminUrl)
{
    public Task<NpgsqlConnection> AsApp() => Open(AppUrl);

    public Task<NpgsqlConnection> AsOwner() => Open(OwnerUrl);

    public Task<NpgsqlConnection> AsAdmin() => Open(AdminUrl);

    /// <summary>One value, read past every policy: what is really stored.</summary>
    public async Task<T> Read<T>(string sql, params object[] values)
    {
        await using var connection = await AsAdmin();
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        }

        return (T)(await command.ExecuteScalarAsync() ?? throw new InvalidOperationException($"no row: {sql}"));
    }

    /// <summary>Changes rows past every policy, as somebody with the superuser's password would.</summary>
    public async Task<int> Tamper(string sql, params object[] values)
    {
        await using var connection = await AsAdmin();
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        }

        return await command.ExecuteNonQueryAsync();
    }

    private static async Task<NpgsqlConnection> Open(string url)
    {
        var address = new NpgsqlConnectionStringBuilder(PostgresUrl.ToConnectionString(url)) { Pooling = false };
        var connection = new NpgsqlConnection(address.ConnectionString);
        await connection.OpenAsync();

        return connection;
    }
}
