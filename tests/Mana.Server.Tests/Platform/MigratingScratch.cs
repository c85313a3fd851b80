using System.Security.Cryptography;
using Mana.Operations;
using Mana.Platform.Database;
using Mana.Platform.Database.Migrations;
using Npgsql;

namespace Mana.Specs.Platform;

/// <summary>An empty database of a real PostgreSQL, owned by mana_owner, dropped afterwards.</summary>
public sealed class MigratingScratch : IAsyncDisposable
{
    public static async Task<MigratingScratch> Create()
    {
        var scratch = new MigratingScratch($"mana_scratch_{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8))}");
        await using var admin = await Open(Admin);
        await Execute(admin, MakeRoles);
        await Execute(admin, $"create database {scratch.Name} owner mana_owner template template0 encoding 'UTF8'");
        return scratch;
    }

    /// <summary>A superuser's connection string, from MANA_TEST_ADMIN_URL.</summary>
    public static string Admin =>
        PostgresUrl.ToConnectionString(
            Environment.GetEnvironmentVariable("MANA_TEST_ADMIN_URL")
                ?? throw new InvalidOperationException(
                    "MANA_TEST_ADMIN_URL is not set: run these specs with './mana test', which starts a PostgreSQL"
                )
        );

    public string Name { get; }

    /// <summary>The same database for the superuser and, by a start-up option, for each of the roles; so no spec needs their passwords.</summary>
    public string As(string? role) =>
        new NpgsqlConnectionStringBuilder(Admin)
        {
            Database = Name,
            Pooling = false,
            Options = role is null ? null : $"-c role={role}",
        }.ConnectionString;

    public string Owner => As("mana_owner");

    public Dictionary<string, string> Environs(string timeout = "60", string? url = null) =>
        new(StringComparer.Ordinal) { ["MIGRATION_DATABASE_URL"] = url ?? Owner, ["MIGRATION_TIMEOUT"] = timeout };

    public Task<Ended> Migrate(IReadOnlyList<Migration> migrations, params string[] args) => Migrate(Environs(), migrations, args);

    public static async Task<Ended> Migrate(
        Dictionary<string, string> environment,
        IReadOnlyList<Migration> migrations,
        string[] args,
        TimeProvider? clock = null,
        MigratingTranscript? output = null,
        CancellationToken cancel = default
    )
    {
        output ??= new MigratingTranscript();
        var code = await MigrateCommand.Run(args, environment, () => migrations, output, clock ?? TimeProvider.System, cancel);
        return new(code, output.ToString());
    }

    public async Task<T> Ask<T>(string sql, string? role = null)
    {
        await using var connection = await Open(As(role));
        await using var command = new NpgsqlCommand(sql, connection);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    public async Task Do(string sql, string? role = null)
    {
        await using var connection = await Open(As(role));
        await Execute(connection, sql);
    }

    public static async Task<NpgsqlConnection> Open(string connectionString)
    {
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        return connection;
    }

    public static async Task Execute(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await using var admin = await Open(Admin);
        await Execute(admin, $"drop database {Name} with (force)");
    }

    private MigratingScratch(string name) => Name = name;

    private const string MakeRoles = """
        do $$
        declare
            role text;
        begin
            perform pg_advisory_xact_lock(987654322);
            foreach role in array array['mana_owner', 'mana_app', 'mana_read'] loop
                if not exists (select from pg_roles where rolname = role) then
                    execute 'create role ' || role;
                end if;
            end loop;
        end
        $$
        """;

    /// <summary>How a run of the command ended.</summary>
    public sealed record Ended(int Code, string Output)
    {
        public void Says(string text) => Assert.Contains(text, Output, StringComparison.Ordinal);

        public void Hides(string text) => Assert.DoesNotContain(text, Output, StringComparison.Ordinal);
    }
}
