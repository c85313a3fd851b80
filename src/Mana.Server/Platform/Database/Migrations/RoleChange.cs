using Npgsql;

namespace Mana.Platform.Database.Migrations;

/// <summary>Makes one role, or brings it back to what it must be.</summary>
public sealed class RoleChange(NpgsqlConnection connection, TextWriter output)
{
    /// <summary>
    /// Afterwards the role exists with no attribute beyond LOGIN, and with <paramref name="password"/> when one is given. A role that signs
    /// in by certificate or peer has none, and its stored password is left alone.
    /// </summary>
    public async Task Ensure(string name, string? password, bool canSignIn, CancellationToken cancel)
    {
        var attributes = await Attributes(name, cancel);
        if (attributes is null)
        {
            // What is not named is off: NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE NOREPLICATION.
            await Execute($"create role {name} {(canSignIn ? "login" : "nologin")}", cancel);
            await output.WriteLineAsync($"created role {name}");
        }
        else
        {
            await Correct(name, attributes, canSignIn, cancel);
        }

        if (!string.IsNullOrEmpty(password))
        {
            await SetPassword(name, password, cancel);
        }
    }

    private async Task<Dictionary<string, bool>?> Attributes(string name, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(
            """
            select rolcanlogin, rolsuper, rolbypassrls, rolcreatedb, rolcreaterole, rolreplication
            from pg_roles
            where rolname = $1
            """,
            connection
        )
        {
            Parameters = { new NpgsqlParameter<string> { TypedValue = name } },
        };
        await using var reader = await command.ExecuteReaderAsync(cancel);
        return await reader.ReadAsync(cancel)
            ? Columns.Select((column, index) => (column, reader.GetBoolean(index))).ToDictionary(StringComparer.Ordinal)
            : null;
    }

    private static readonly string[] Columns = ["login", "superuser", "bypassrls", "createdb", "createrole", "replication"];

    /// <summary>Only what differs is altered: a mere mention of SUPERUSER or BYPASSRLS needs a superuser, even to switch it off.</summary>
    private async Task Correct(string name, Dictionary<string, bool> attributes, bool canSignIn, CancellationToken cancel)
    {
        foreach (var (attribute, isOn) in attributes)
        {
            var mustBeOn = attribute == "login" && canSignIn;
            if (isOn != mustBeOn)
            {
                var change = mustBeOn ? attribute : $"no{attribute}";
                await Execute($"alter role {name} {change}", cancel);
                await output.WriteLineAsync($"role {name}: {change}");
            }
        }
    }

    /// <summary>
    /// The password travels as a parameter and enters the statement inside the server, so that a log of DDL statements shows no password;
    /// a failure is raised anew, because its context would quote the statement. The server hashes it (SCRAM-SHA-256).
    /// </summary>
    private async Task SetPassword(string name, string password, CancellationToken cancel)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await using var batch = new NpgsqlBatch(connection, transaction)
        {
            BatchCommands =
            {
                new("set local password_encryption = 'scram-sha-256'"),
                new("select set_config('mana.password', $1, true)")
                {
                    Parameters = { new NpgsqlParameter<string> { TypedValue = password } },
                },
                new(
                    $"""
                    do $$
                    begin
                        execute format('alter role {name} password %L', current_setting('mana.password'));
                    exception when others then
                        raise exception using errcode = sqlstate, message = sqlerrm;
                    end
                    $$
                    """
                ),
            },
        };
        await batch.ExecuteNonQueryAsync(cancel);
        await transaction.CommitAsync(cancel);
    }

    private async Task Execute(string sql, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancel);
    }
}
