using Mana.Platform.Database.Migrations;
using Npgsql;

namespace Mana.Operations.Docs;

/// <summary>Tables, columns, constraints, policies and privileges, as the catalogue of a migrated database tells them.</summary>
internal static class DatabasePage
{
    public const string Name = "database.md";

    public static async Task<Page> Write(string connectionString, CancellationToken cancel)
    {
        await using var source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false });
        await using var connection = await source.OpenConnectionAsync(cancel);
        await RequireCurrent(connection, cancel);
        var schema = await Catalogue.Read(connection, cancel);
        var page = Markdown
            .Titled("Database", "the catalogue of a database with every file of [Migrations](../../src/Mana.Server/Migrations) applied")
            .Say(
                """
                Every table is owned by `mana_owner` and under forced row-level security. The policies `migrations` (everything, to
                `mana_owner`), `operations` (reading, to `mana_read`) and `service` (everything, to `mana_app` in service scope) are the same
                everywhere and not repeated; see [ADR-0010](../adr/0010-one-function-protects-a-table.md). *Owner* marks the column that says
                whose row it is.
                """
            );
        foreach (var table in schema.Tables)
        {
            page.Heading(table).Table(["Column", "Type", "Null", "Default", ""], schema.Columns[table]).List(schema.Details[table]);
        }

        return page.Heading("Views")
            .Table(["View", "Columns"], schema.Views)
            .Heading("Types")
            .Table(["Type", "Values"], schema.Types)
            .Heading("Functions")
            .Table(["Function", "Returns"], schema.Functions)
            .ToPage(Name);
    }

    private static async Task RequireCurrent(NpgsqlConnection connection, CancellationToken cancel)
    {
        var applied = await MigrationHistory.Read(connection, cancel);
        var state = new SchemaComparison(MigrationFiles.In(typeof(DatabasePage).Assembly), applied).State;
        if (state != SchemaState.Current)
        {
            throw new MigrationException($"the database of MIGRATION_DATABASE_URL is {state}, not current: run 'migrate up'");
        }
    }
}
