using Mana.Platform.Database.Migrations;
using Npgsql;

namespace Mana.Specs.Platform;

public sealed class Migrating_without_a_transaction : IAsyncLifetime
{
    [Theory]
    [InlineData("create unique index concurrently if not exists names_name on public.names (name);")]
    [InlineData("create unique index concurrently names_name on public.names (name);")]
    [InlineData("CREATE UNIQUE INDEX\n  CONCURRENTLY \"names_name\" ON ONLY \"public\" . names (name);")]
    public async Task An_invalid_leftover_of_the_index_is_dropped_and_built_again(string statement)
    {
        var index = new Migration(2, "index", $"-- mana:no-transaction\n{statement}");

        var failed = await scratch.Migrate([Names, index]);

        Assert.Equal(1, failed.Code);
        failed.Says("0002_index.sql failed");
        failed.Says("23505");
        Assert.False(await IsValid());

        await scratch.Do("delete from public.names where ctid = (select max(ctid) from public.names)");
        var repaired = await scratch.Migrate([Names, index]);

        Assert.Equal(0, repaired.Code);
        repaired.Says("dropped the INVALID leftover of index names_name");
        Assert.True(await IsValid());
    }

    [Fact]
    public async Task A_valid_index_is_left_alone()
    {
        await scratch.Migrate([Names]);
        await scratch.Do("create index names_name on public.names (name)", "mana_owner");
        var before = await scratch.Ask<uint>("select 'public.names_name'::regclass::oid");

        var ended = await scratch.Migrate([
            Names,
            new Migration(2, "index", "-- mana:no-transaction\ncreate index concurrently if not exists names_name on public.names (name);"),
        ]);

        Assert.Equal(0, ended.Code);
        Assert.Equal(before, await scratch.Ask<uint>("select 'public.names_name'::regclass::oid"));
    }

    [Fact]
    public async Task Statements_before_a_failure_stay_and_the_file_runs_again_from_its_start()
    {
        const string Start = "-- mana:no-transaction\ncreate table if not exists public.kept (id integer);\n";

        var failed = await scratch.Migrate([new Migration(1, "kept", Start + "select nonsense;")]);

        Assert.Equal(1, failed.Code);
        failed.Says("0001_kept.sql failed at line 3: 42703");
        failed.Says("the file can be run again");
        Assert.True(await scratch.Ask<bool>("select to_regclass('public.kept') is not null"));
        Assert.Equal(0, await scratch.Ask<long>("select count(*) from public.schema_migrations"));
        Assert.Equal(0, (await scratch.Migrate([new Migration(1, "kept", Start + "select 1;")])).Code);
    }

    [Fact]
    public async Task Inside_a_transaction_PostgreSQL_refuses_to_build_concurrently()
    {
        var ended = await scratch.Migrate([
            Names,
            new Migration(2, "index", "create index concurrently names_name on public.names (name);"),
        ]);

        Assert.Equal(1, ended.Code);
        ended.Says(PostgresErrorCodes.ActiveSqlTransaction);
    }

    public async ValueTask InitializeAsync() => scratch = await MigratingScratch.Create();

    public ValueTask DisposeAsync() => scratch.DisposeAsync();

    private static readonly Migration Names = new(
        1,
        "names",
        "create table public.names (name text); insert into public.names values ('ada'), ('ada');"
    );

    private MigratingScratch scratch = null!;

    private Task<bool> IsValid() => scratch.Ask<bool>("select indisvalid from pg_index where indexrelid = 'public.names_name'::regclass");
}
