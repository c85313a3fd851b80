using Npgsql;

namespace Mana.Platform.Database.Migrations;

/// <summary>One row of <c>public.schema_migrations</c>: a migration this database has.</summary>
/// <param name="Number">The number of the file.</param>
/// <param name="Name">Its title.</param>
/// <param name="Checksum">Of the file as it was applied, see <see cref="Migration.Checksum"/>.</param>
/// <param name="AppliedAt">When its transaction began.</param>
/// <param name="ContractsTo">See <see cref="MigrationMarkers.ContractsTo"/>; null for an expanding file.</param>
public sealed record AppliedMigration(int Number, string Name, string Checksum, DateTimeOffset AppliedAt, int? ContractsTo)
{
    /// <summary>The name of the file, <c>0001_users.sql</c>.</summary>
    public string File => $"{Number:0000}_{Name}.sql";
}

/// <summary>The table <c>public.schema_migrations</c>.</summary>
public static class MigrationHistory
{
    /// <summary>What has been applied, oldest first; empty for a database that was never migrated. Any of the three roles may ask.</summary>
    public static async Task<IReadOnlyList<AppliedMigration>> Read(NpgsqlConnection connection, CancellationToken cancel)
    {
        if (!await Exists(connection, cancel))
        {
            return [];
        }

        await using var command = new NpgsqlCommand(
            """
            select version, name, checksum, applied_at, contracts_to
            from public.schema_migrations
            order by version
            """,
            connection
        );
        await using var reader = await command.ExecuteReaderAsync(cancel);
        var applied = new List<AppliedMigration>();
        while (await reader.ReadAsync(cancel))
        {
            applied.Add(
                new(
                    reader.GetInt32(0),
                    reader.GetString(1),
                    reader.GetString(2),
                    reader.GetFieldValue<DateTimeOffset>(3),
                    await reader.IsDBNullAsync(4, cancel) ? null : reader.GetInt32(4)
                )
            );
        }

        return applied;
    }

    /// <summary>Makes the table where it is missing; only under the migration lock, because two creators would collide.</summary>
    public static async Task Create(NpgsqlConnection connection, CancellationToken cancel)
    {
        if (await Exists(connection, cancel))
        {
            return;
        }

        // One command is one implicit transaction: the table never exists without its grants.
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(
            new(
                """
                create table public.schema_migrations (
                    version integer not null constraint schema_migrations_pkey primary key,
                    name text not null,
                    checksum text not null,
                    applied_at timestamptz not null default now(),
                    duration_ms bigint not null,
                    contracts_to integer null
                )
                """
            )
        );
        batch.BatchCommands.Add(new("grant select on public.schema_migrations to mana_app, mana_read"));
        await batch.ExecuteNonQueryAsync(cancel);
    }

    /// <summary>Writes that <paramref name="migration"/> was applied, in the transaction the connection is in.</summary>
    public static async Task Record(NpgsqlConnection connection, Migration migration, TimeSpan duration, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(
            """
            insert into public.schema_migrations (version, name, checksum, duration_ms, contracts_to)
            values ($1, $2, $3, $4, $5)
            """,
            connection
        )
        {
            Parameters =
            {
                new NpgsqlParameter<int> { TypedValue = migration.Number },
                new NpgsqlParameter<string> { TypedValue = migration.Name },
                new NpgsqlParameter<string> { TypedValue = migration.Checksum },
                new NpgsqlParameter<long> { TypedValue = (long)duration.TotalMilliseconds },
                new NpgsqlParameter<int?> { TypedValue = migration.Markers.ContractsTo },
            },
        };
        await command.ExecuteNonQueryAsync(cancel);
    }

    private static async Task<bool> Exists(NpgsqlConnection connection, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand("select to_regclass('public.schema_migrations') is not null", connection);
        return await command.ExecuteScalarAsync(cancel) is true;
    }
}
