using Mana.Platform.Database.Migrations;

namespace Mana.Specs.Platform;

public sealed class Migrating_tells_the_state_of_the_schema : IAsyncLifetime
{
    [Fact]
    public async Task To_a_binary_that_knows_what_is_applied_more_or_less()
    {
        Assert.Equal(SchemaState.Older, await State([One, Two]));

        await scratch.Migrate([One, Two]);

        Assert.Equal(SchemaState.Current, await State([One, Two]));
        Assert.Equal(SchemaState.Older, await State([One, Two, Three]));
        Assert.Equal(SchemaState.NewerCompatible, await State([One]));
    }

    [Fact]
    public async Task A_contracting_file_shuts_out_the_binaries_that_are_older_than_it_allows()
    {
        var contracting = new Migration(3, "contract", "-- mana:contracts oldest-binary=2\nselect 1;");
        await scratch.Migrate([One, Two, contracting]);

        Assert.Equal(2, await scratch.Ask<int>("select contracts_to from public.schema_migrations where version = 3"));
        Assert.Equal(SchemaState.Current, await State([One, Two, contracting]));
        Assert.Equal(SchemaState.NewerCompatible, await State([One, Two]));
        Assert.Equal(SchemaState.NewerIncompatible, await State([One]));
    }

    [Fact]
    public async Task A_migrator_of_an_older_binary_has_nothing_to_do_unless_it_is_shut_out()
    {
        await scratch.Migrate([One, Two]);
        var behind = await scratch.Migrate([One]);
        await scratch.Migrate([One, Two, new Migration(3, "contract", "-- mana:contracts oldest-binary=2\nselect 1;")]);
        var shutOut = await scratch.Migrate([One]);
        var verified = await scratch.Migrate([One], "verify");

        Assert.Equal(0, behind.Code);
        behind.Says("the database is ahead by 1 expanding file");
        Assert.Equal(1, shutOut.Code);
        shutOut.Says("0003_contract.sql is applied and needs a binary that knows migration 0002 or newer");
        Assert.Equal(1, verified.Code);
        verified.Says("needs a newer binary");
    }

    [Fact]
    public async Task A_changed_file_is_neither_older_nor_newer()
    {
        await scratch.Migrate([One, Two]);

        Assert.Equal(SchemaState.Diverged, await State([One, new Migration(2, "two", "select 'another';")]));
        Assert.Equal(SchemaState.Diverged, await State([new Migration(1, "renamed", One.Sql)]));
    }

    public async ValueTask InitializeAsync() => scratch = await MigratingScratch.Create();

    public ValueTask DisposeAsync() => scratch.DisposeAsync();

    private static readonly Migration One = new(1, "one", "select 1;");
    private static readonly Migration Two = new(2, "two", "select 2;");
    private static readonly Migration Three = new(3, "three", "select 3;");

    private MigratingScratch scratch = null!;

    /// <summary>As the server asks: with its own role, which may only read.</summary>
    private async Task<SchemaState> State(IReadOnlyList<Migration> known)
    {
        await using var connection = await MigratingScratch.Open(scratch.As("mana_app"));
        return new SchemaComparison(known, await MigrationHistory.Read(connection, CancellationToken.None)).State;
    }
}
