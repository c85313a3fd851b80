using System.Security.Cryptography;
using Mana.Platform.Database.Migrations;
using Npgsql;

namespace Mana.Specs.Platform;

/// <summary>Roles belong to the whole cluster, so this class runs alone and puts back what it found.</summary>
[CollectionDefinition(nameof(Roles_of_the_cluster), DisableParallelization = true)]
public sealed class Roles_of_the_cluster;

[Collection(nameof(Roles_of_the_cluster))]
public sealed class Migrating_makes_the_roles : IAsyncLifetime
{
    [Fact]
    public async Task And_the_database_and_then_migrates_and_may_be_repeated()
    {
        var first = await Run("up", "--roles");
        var second = await Run("up", "--roles");

        Assert.Equal((0, 0), (first.Code, second.Code));
        first.Says($"created database {database}, owned by mana_owner");
        first.Says("applied 0001_things.sql");
        second.Says("nothing to do");
        second.Hides("created");
        Assert.Equal(
            "mana_owner",
            await Ask<string>(MigratingScratch.Admin, $"select pg_get_userbyid(datdba) from pg_database where datname = '{database}'")
        );
        Assert.All(Passwords, password => Assert.All([first, second], run => run.Hides(password)));
    }

    [Fact]
    public async Task Which_sign_in_with_the_passwords_of_their_addresses_and_are_nothing_more()
    {
        await Run("--roles");

        foreach (var role in new[] { "mana_owner", "mana_app", "mana_read" })
        {
            Assert.Equal(role, await Ask<string>(Login(role), "select session_user::text"));
            Assert.Equal(
                "t f f f f f",
                await Ask<string>(
                    MigratingScratch.Admin,
                    $"""
                    select concat_ws(' ', rolcanlogin, rolsuper, rolbypassrls, rolcreatedb, rolcreaterole, rolreplication)
                    from pg_roles where rolname = '{role}'
                    """
                )
            );
            Assert.True(
                await Ask<bool>(
                    MigratingScratch.Admin,
                    $"select starts_with(rolpassword, 'SCRAM-SHA-256$') from pg_authid where rolname = '{role}'"
                )
            );
        }

        Assert.Equal(
            "4s 2s 10s 500ms",
            await Ask<string>(
                Login("mana_app"),
                """
                select concat_ws(' ', current_setting('statement_timeout'), current_setting('lock_timeout'),
                    current_setting('idle_in_transaction_session_timeout'), current_setting('client_connection_check_interval'))
                """
            )
        );
    }

    [Fact]
    public async Task And_nobody_else_may_connect_or_create()
    {
        await Run("--roles");

        Assert.Equal(
            0,
            await Ask<long>(
                MigratingScratch.Admin,
                $"select count(*) from pg_database, aclexplode(datacl) where datname = '{database}' and grantee = 0"
            )
        );
        foreach (var role in new[] { "mana_app", "mana_read" })
        {
            var refused = await Assert.ThrowsAsync<PostgresException>(() =>
                Ask<object>(Login(role), "create table public.mine (id integer)")
            );
            Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refused.SqlState);
        }
    }

    [Fact]
    public async Task A_role_that_was_given_more_by_hand_is_brought_back()
    {
        await Run("--roles");
        await Do(MigratingScratch.Admin, "alter role mana_app superuser bypassrls createrole");

        var ended = await Run("--roles");

        Assert.Equal(0, ended.Code);
        ended.Says("role mana_app: nosuperuser");
        ended.Says("role mana_app: nobypassrls");
        Assert.False(
            await Ask<bool>(
                MigratingScratch.Admin,
                "select rolsuper or rolbypassrls or rolcreaterole from pg_roles where rolname = 'mana_app'"
            )
        );
    }

    [Fact]
    public async Task Nobody_signs_in_as_the_reader_unless_an_address_for_it_is_given()
    {
        await Run("--roles");
        environment.Remove("READ_DATABASE_URL");

        await Run("--roles");

        Assert.False(await Ask<bool>(MigratingScratch.Admin, "select rolcanlogin from pg_roles where rolname = 'mana_read'"));
    }

    [Fact]
    public async Task Two_at_once_both_end_well()
    {
        var ended = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => Task.Run(() => Run("up", "--roles"))));

        Assert.All(ended, run => Assert.Equal(0, run.Code));
        Assert.Single(ended, run => run.Output.Contains("created database", StringComparison.Ordinal));
        Assert.Single(ended, run => run.Output.Contains("applied 0001_things.sql", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_administrator_who_may_create_roles_and_databases_is_enough()
    {
        var name = $"mana_spec_{database}";
        await Do(MigratingScratch.Admin, $"create role {name} login createrole createdb password 'of the administrator'");
        await Do(MigratingScratch.Admin, AsTheirMaker(name));
        try
        {
            environment["ADMIN_DATABASE_URL"] = new NpgsqlConnectionStringBuilder(MigratingScratch.Admin)
            {
                Username = name,
                Password = "of the administrator",
            }.ConnectionString;

            var ended = new[] { await Run("up", "--roles"), await Run("--roles") };

            Assert.All(ended, run => Assert.True(run.Code == 0, run.Output));
        }
        finally
        {
            await Do(MigratingScratch.Admin, $"drop database if exists {database} with (force)");
            await Do(MigratingScratch.Admin, $"drop role {name}");
        }
    }

    [Theory]
    [InlineData("ADMIN_DATABASE_URL", null, "--roles needs ADMIN_DATABASE_URL")]
    [InlineData(
        "MIGRATION_DATABASE_URL",
        "postgresql://boss:hunter2@h/d",
        "the login of role mana_owner must carry that name, but is 'boss'"
    )]
    [InlineData("DATABASE_URL", "postgresql://mana_app:hunter2@h/elsewhere", "must name one and the same database")]
    [InlineData("DATABASE_URL", "postgresql://mana_app:hunter2%@h/d", "DATABASE_URL: the password")]
    public async Task Wrong_addresses_are_told_without_their_values(string variable, string? value, string reason)
    {
        environment[variable] = value ?? "";

        var ended = await Run("--roles");

        Assert.Equal(1, ended.Code);
        ended.Says(reason);
        ended.Hides("hunter2");
    }

    [Fact]
    public async Task A_login_without_the_privileges_is_told()
    {
        await Run("--roles");
        environment["ADMIN_DATABASE_URL"] = Login("mana_app");

        var ended = await Run("--roles");

        Assert.Equal(1, ended.Code);
        ended.Says("the login of ADMIN_DATABASE_URL needs SUPERUSER, or CREATEROLE and CREATEDB");
    }

    public async ValueTask InitializeAsync()
    {
        await using var scratch = await MigratingScratch.Create();
        found = await Ask<string>(MigratingScratch.Admin, Found);
        environment = new(StringComparer.Ordinal)
        {
            ["ADMIN_DATABASE_URL"] = MigratingScratch.Admin,
            ["MIGRATION_DATABASE_URL"] = Url("mana_owner", "o%40wner%3A%20%27x%27%C3%B6"),
            ["DATABASE_URL"] = Url("mana_app", "a%2Fpp%5C%22%24%24"),
            ["READ_DATABASE_URL"] = Url("mana_read", "reader"),
            ["MIGRATION_TIMEOUT"] = "60",
        };
    }

    public async ValueTask DisposeAsync()
    {
        await Do(MigratingScratch.Admin, $"drop database if exists {database} with (force)");
        await Do(MigratingScratch.Admin, found);
    }

    private static readonly Migration Things = new(1, "things", "create table public.things (id integer);");

    /// <summary>As the addresses below mean them once decoded.</summary>
    private static readonly string[] Passwords = ["o@wner: 'x'ö", "a/pp\\\"$$"];

    /// <summary>Writes the statement that puts the roles back.</summary>
    private const string Found = """
        select string_agg(
            format('alter role %I %s password %L;', rolname, case when rolcanlogin then 'login' else 'nologin' end, rolpassword), ' ')
        from pg_authid
        where rolname in ('mana_owner', 'mana_app', 'mana_read')
        """;

    /// <summary>Since version 16 a role with CREATEROLE may only alter roles it made; whoever makes one is given this membership.</summary>
    private static string AsTheirMaker(string name) =>
        $"""
            do $$
            begin
                if current_setting('server_version_num')::integer >= 160000 then
                    execute 'grant mana_owner, mana_app, mana_read to {name} with admin true, inherit false, set false';
                end if;
            end
            $$
            """;

    private readonly string database = $"mana_roles_{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6))}";
    private Dictionary<string, string> environment = [];
    private string found = "";

    private Task<MigratingScratch.Ended> Run(params string[] args) => MigratingScratch.Migrate(environment, [Things], args);

    private string Url(string role, string password)
    {
        var admin = new NpgsqlConnectionStringBuilder(MigratingScratch.Admin);
        return $"postgresql://{role}:{password}@/{database}?host={Uri.EscapeDataString(admin.Host!)}&port={admin.Port}";
    }

    private string Login(string role) =>
        Mana.Platform.Database.PostgresUrl.ToConnectionString(
            environment[
                role switch
                {
                    "mana_owner" => "MIGRATION_DATABASE_URL",
                    "mana_app" => "DATABASE_URL",
                    _ => "READ_DATABASE_URL",
                }
            ]
        );

    private static async Task<T> Ask<T>(string connectionString, string sql)
    {
        await using var connection = await MigratingScratch.Open(connectionString);
        await using var command = new NpgsqlCommand(sql, connection);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    private static async Task Do(string connectionString, string sql)
    {
        await using var connection = await MigratingScratch.Open(connectionString);
        await MigratingScratch.Execute(connection, sql);
    }
}
