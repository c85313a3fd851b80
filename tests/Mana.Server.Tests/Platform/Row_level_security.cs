using Mana.Specs.World;
using Npgsql;

namespace Mana.Specs.Platform;

/// <summary>DBS-01 to DBS-04, read from the catalogue, so that a table added tomorrow is looked at too.</summary>
public sealed class Row_level_security(House house) : IClassFixture<House>
{
    [Fact]
    public async Task Every_table_is_forced()
    {
        var open = await Texts(
            await house.Database.AsAdmin(),
            """
            select n.nspname || '.' || c.relname
            from pg_class c join pg_namespace n on n.oid = c.relnamespace
            where n.nspname in ('auth', 'credits', 'jobs') and c.relkind in ('r', 'p') and not (c.relrowsecurity and c.relforcerowsecurity)
            """
        );

        Assert.Empty(open);
    }

    [Fact]
    public async Task Every_table_that_names_a_person_has_its_owner_marked()
    {
        var unmarked = await Texts(
            await house.Database.AsAdmin(),
            """
            select n.nspname || '.' || c.relname
            from pg_class c join pg_namespace n on n.oid = c.relnamespace
            where n.nspname in ('auth', 'credits', 'jobs') and c.relkind = 'r'
                and exists (select from pg_attribute a where a.attrelid = c.oid and a.attname in ('user_id', 'owner_id'))
                and not exists (
                    select from pg_attribute a
                    where a.attrelid = c.oid and col_description(c.oid, a.attnum) = 'mana:owner')
            """
        );

        Assert.Empty(unmarked);
    }

    [Fact]
    public async Task Without_a_scope_no_marked_table_shows_a_row()
    {
        await house.Person("alice");
        await using var app = await house.Database.AsApp();

        foreach (var table in await MarkedTables())
        {
            Assert.Equal(0, await Count(app, $"select count(*) from {table.Name}"));
        }
    }

    [Fact]
    public async Task A_persons_scope_shows_their_own_rows_and_nobody_elses()
    {
        var alice = await house.Person("alice");
        await house.Person("bob");
        await using var app = await house.Database.AsApp();
        var seen = 0L;

        foreach (var table in await MarkedTables())
        {
            await using var transaction = await app.BeginTransactionAsync();
            await Become(app, alice.Id);
            Assert.Equal(0, await Count(app, $"select count(*) from {table.Name} where {table.Owner} is distinct from '{alice.Id}'"));
            seen += await Count(app, $"select count(*) from {table.Name}");
        }

        Assert.True(seen >= 6, $"Alice sees {seen} rows of her own");
    }

    [Fact]
    public async Task A_foreign_insert_is_refused_and_a_foreign_update_or_delete_touches_nothing()
    {
        var alice = await house.Person("alice");
        var bob = await house.Person("bob");
        await using var app = await house.Database.AsApp();
        foreach (var table in await MarkedTables())
        {
            var columns = await InsertableColumns(table.Name);
            var copied = string.Join(", ", columns);
            await Refused(app, alice.Id, $"insert into {table.Name} ({copied}) {await Sample(table, bob.Id)}", mustBeRefused: true);
            await Refused(
                app,
                alice.Id,
                $"update {table.Name} set {table.Owner} = {table.Owner} where {table.Owner} = '{bob.Id}'",
                mustBeRefused: false
            );
            await Refused(app, alice.Id, $"delete from {table.Name} where {table.Owner} = '{bob.Id}'", mustBeRefused: false);
        }
    }

    [Fact]
    public async Task The_application_role_owns_nothing_and_cannot_bypass_a_policy()
    {
        var powers = await Texts(
            await house.Database.AsAdmin(),
            """
            select 'role' from pg_roles where rolname = 'mana_app' and (rolsuper or rolbypassrls or rolcreaterole or rolcreatedb)
            union all
            select c.relname from pg_class c join pg_roles r on r.oid = c.relowner where r.rolname = 'mana_app'
            union all
            select nspname from pg_namespace where nspname in ('auth', 'credits', 'jobs', 'public') and has_schema_privilege('mana_app', oid, 'create')
            """
        );

        Assert.Empty(powers);
    }

    [Theory]
    [InlineData("credits.transfers")]
    [InlineData("credits.transactions")]
    [InlineData("auth.security_events")]
    public async Task History_cannot_be_changed_even_in_service_scope(string table)
    {
        await house.Person("alice");
        await using var app = await house.Database.AsApp();
        foreach (var change in new[] { $"update {table} set created_at = created_at", $"delete from {table}", $"truncate {table}" })
        {
            var refused = await Assert.ThrowsAsync<PostgresException>(async () =>
            {
                await using var transaction = await app.BeginTransactionAsync();
                await Execute(app, "select set_config('app.role', 'service', true)");
                await Execute(
                    app,
                    change.Replace(
                        "created_at = created_at",
                        table == "credits.transfers" ? "amount = amount" : "created_at = created_at",
                        StringComparison.Ordinal
                    )
                );
            });

            Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refused.SqlState);
        }
    }

    [Fact]
    public async Task After_a_transaction_the_scope_is_gone_from_the_connection()
    {
        var alice = await house.Person("alice");
        await using var app = await house.Database.AsApp();
        await using (var transaction = await app.BeginTransactionAsync())
        {
            await Become(app, alice.Id);
            Assert.Equal(1, await Count(app, "select count(*) from auth.users"));
            await transaction.CommitAsync();
        }

        Assert.Equal(0, await Count(app, "select count(*) from auth.users"));
    }

    [Fact]
    public async Task A_backfill_run_as_owner_counts_its_rows()
    {
        await house.Person("alice");
        await using var owner = await house.Database.AsOwner();
        await using var command = new NpgsqlCommand("update auth.users set name = name", owner);

        Assert.True(await command.ExecuteNonQueryAsync() >= 1);
    }

    private sealed record MarkedTable(string Name, string Owner);

    private async Task<List<MarkedTable>> MarkedTables()
    {
        var marked = await Texts(
            await house.Database.AsAdmin(),
            """
            select n.nspname || '.' || c.relname || ' ' || a.attname
            from pg_class c
            join pg_namespace n on n.oid = c.relnamespace
            join pg_attribute a on a.attrelid = c.oid
            where n.nspname in ('auth', 'credits', 'jobs') and c.relkind = 'r' and col_description(c.oid, a.attnum) = 'mana:owner'
            order by 1
            """
        );
        Assert.True(marked.Count >= 10, $"only {marked.Count} tables have a marked owner");

        return [.. marked.Select(text => text.Split(' ')).Select(parts => new MarkedTable(parts[0], parts[1]))];
    }

    private async Task<List<string>> InsertableColumns(string table) =>
        await Texts(
            await house.Database.AsAdmin(),
            $"select attname::text from pg_attribute where attrelid = '{table}'::regclass and attnum > 0 and not attisdropped and attgenerated = '' order by attnum"
        );

    /// <summary>A row of somebody else as literals: what a thief would try to write. Bob's own row where there is one, nulls otherwise.</summary>
    private async Task<string> Sample(MarkedTable table, string owner)
    {
        var columns = await InsertableColumns(table.Name);
        await using var admin = await house.Database.AsAdmin();
        await using var command = new NpgsqlCommand(
            $"select {string.Join(", ", columns.Select(column => $"coalesce(quote_literal({column}::text), 'null')"))} from {table.Name} where {table.Owner} = '{owner}' limit 1",
            admin
        );
        await using var row = await command.ExecuteReaderAsync();
        var hasRow = await row.ReadAsync();
        var values = columns.Select(
            (column, index) =>
                hasRow ? row.GetString(index)
                : column == table.Owner ? $"'{owner}'"
                : "null"
        );

        return $"values ({string.Join(", ", values)})";
    }

    private static async Task Refused(NpgsqlConnection app, string userId, string sql, bool mustBeRefused)
    {
        await using var transaction = await app.BeginTransactionAsync();
        await Become(app, userId);
        await using var command = new NpgsqlCommand(sql, app);
        try
        {
            var touched = await command.ExecuteNonQueryAsync();
            Assert.False(mustBeRefused, $"not refused: {sql}");
            Assert.Equal(0, touched);
        }
        catch (PostgresException refused)
        {
            Assert.True(refused.SqlState == PostgresErrorCodes.InsufficientPrivilege, $"{refused.SqlState} {refused.MessageText}: {sql}");
        }
    }

    private static Task Become(NpgsqlConnection app, string userId) =>
        Execute(app, $"select set_config('app.user_id', '{userId}', true), set_config('app.role', 'user', true)");

    private static async Task Execute(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<long> Count(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);

        return (long)(await command.ExecuteScalarAsync())!;
    }

    private static async Task<List<string>> Texts(NpgsqlConnection connection, string sql)
    {
        await using var _ = connection;
        await using var command = new NpgsqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync();
        var texts = new List<string>();
        while (await reader.ReadAsync())
        {
            texts.Add(reader.GetString(0));
        }

        return texts;
    }
}
