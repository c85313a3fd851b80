using Npgsql;

namespace Mana.Platform.Database.Migrations;

/// <summary>How each role signs in, as Npgsql connection strings; the passwords in them become those of the roles.</summary>
/// <param name="Admin">A login with SUPERUSER, or with CREATEROLE and CREATEDB.</param>
/// <param name="Owner">The login <c>mana_owner</c>.</param>
/// <param name="App">The login <c>mana_app</c>; its database is made where it is missing.</param>
/// <param name="Read">The login <c>mana_read</c>; null when nobody signs in with it.</param>
public sealed record RoleLogins(string Admin, string Owner, string App, string? Read);

/// <summary>Makes the three roles of the product, and the database with their privileges. Can be repeated, also at once.</summary>
/// <param name="logins">The names in them are fixed, because the policies of every table name the roles.</param>
/// <param name="lockTimeout">How long to wait for another run.</param>
/// <param name="clock">Measures that wait.</param>
/// <param name="output">Receives one line per change.</param>
public sealed class Roles(RoleLogins logins, TimeSpan lockTimeout, TimeProvider clock, TextWriter output)
{
    /// <summary>Owns the schema and migrates it.</summary>
    public const string Owner = "mana_owner";

    /// <summary>The server; row-level security holds for it.</summary>
    public const string App = "mana_app";

    /// <summary>Reads for metrics and backups.</summary>
    public const string Read = "mana_read";

    /// <summary>Makes what is missing and corrects what differs.</summary>
    /// <exception cref="MigrationException">A login has another name or database than it must, or the administrator lacks a privilege.</exception>
    public async Task Ensure(CancellationToken cancel)
    {
        var database = Database();
        await using var session = await MigrationSession.Begin(logins.Admin, RolesLock, lockTimeout, output, clock, cancel);
        var isSuperuser = await RequirePrivileges(session.Connection, cancel);
        foreach (var (name, login) in Logins())
        {
            await new RoleChange(session.Connection, output).Ensure(name, login?.Password, canSignIn: login is not null, cancel);
        }

        await LimitTheApp(session.Connection, cancel);
        await EnsureDatabase(session.Connection, database, isSuperuser, cancel);
        await Grant(database, cancel);
        await output.WriteLineAsync($"the roles and database {database} are ready");
    }

    /// <summary>One more than the migration lock, because roles belong to the whole server and this lock to the administrator's database.</summary>
    private const long RolesLock = MigrationSession.MigrationLock + 1;

    private IEnumerable<(string Name, NpgsqlConnectionStringBuilder? Login)> Logins() =>
        [(Owner, new(logins.Owner)), (App, new(logins.App)), (Read, logins.Read is null ? null : new(logins.Read))];

    private string Database()
    {
        var wrong = Logins()
            .Where(entry => entry.Login is not null && entry.Login.Username != entry.Name)
            .Select(entry => $"the login of role {entry.Name} must carry that name, but is '{entry.Login!.Username}'")
            .ToArray();
        var databases = Logins()
            .Where(entry => entry.Login is not null)
            .Select(entry => entry.Login!.Database)
            .Distinct(StringComparer.Ordinal)
            .ToArray();
        return wrong.Length > 0 ? throw new MigrationException(string.Join('\n', wrong))
            : databases is [{ Length: > 0 } database] ? database
            : throw new MigrationException("the addresses of the roles must name one and the same database");
    }

    private static async Task<bool> RequirePrivileges(NpgsqlConnection connection, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(
            "select rolsuper, rolsuper or (rolcreaterole and rolcreatedb) from pg_roles where rolname = current_user",
            connection
        );
        await using var reader = await command.ExecuteReaderAsync(cancel);
        await reader.ReadAsync(cancel);
        return reader.GetBoolean(1)
            ? reader.GetBoolean(0)
            : throw new MigrationException("the login of ADMIN_DATABASE_URL needs SUPERUSER, or CREATEROLE and CREATEDB");
    }

    /// <summary>What the server may cost the database: no request of ours runs longer, and no lock of a lost client stays.</summary>
    private static async Task LimitTheApp(NpgsqlConnection connection, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(
            """
            do $$
            begin
                alter role mana_app set statement_timeout = '4s';
                alter role mana_app set lock_timeout = '2s';
                alter role mana_app set idle_in_transaction_session_timeout = '10s';
                begin
                    alter role mana_app set client_connection_check_interval = '500ms';
                exception when invalid_parameter_value then
                    raise notice 'this server cannot watch for lost clients of mana_app';
                end;
            end
            $$
            """,
            connection
        );
        await command.ExecuteNonQueryAsync(cancel);
    }

    private async Task EnsureDatabase(NpgsqlConnection connection, string database, bool isSuperuser, CancellationToken cancel)
    {
        await using var find = new NpgsqlCommand("select exists (select from pg_database where datname = $1), quote_ident($1)", connection)
        {
            Parameters = { new NpgsqlParameter<string> { TypedValue = database } },
        };
        await using var reader = await find.ExecuteReaderAsync(cancel);
        await reader.ReadAsync(cancel);
        var (exists, quoted) = (reader.GetBoolean(0), reader.GetString(1));
        await reader.CloseAsync();
        if (exists)
        {
            return;
        }

        if (!isSuperuser)
        {
            // Only a member of a role may give it a database.
            await Execute(connection, $"grant {Owner} to current_user", cancel);
        }

        await Execute(connection, $"create database {quoted} owner {Owner} template template0 encoding 'UTF8'", cancel);
        await output.WriteLineAsync($"created database {database}, owned by {Owner}");
    }

    private async Task Grant(string database, CancellationToken cancel)
    {
        var inside = new NpgsqlConnectionStringBuilder(logins.Admin) { Database = database };
        await using var connection = await MigrationConnection.Open(inside.ConnectionString, output, cancel);
        await Execute(
            connection,
            """
            do $$
            declare
                here text := quote_ident(current_database());
            begin
                execute 'revoke all on database ' || here || ' from public';
                execute 'grant connect on database ' || here || ' to mana_app, mana_read';
                execute 'grant connect, create, temporary on database ' || here || ' to mana_owner';
                revoke create on schema public from public;
                grant usage, create on schema public to mana_owner;
                grant usage on schema public to mana_app, mana_read;
            end
            $$
            """,
            cancel
        );
    }

    private static async Task Execute(NpgsqlConnection connection, string sql, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancel);
    }
}
