using Mana.Platform.Database.Migrations;
using Npgsql;

namespace Mana.Specs.Platform;

public sealed class Migrating_a_database : IAsyncLifetime
{
    [Fact]
    public async Task Each_file_is_applied_once_and_written_into_the_history()
    {
        var first = await scratch.Migrate([Things, Colours]);
        var second = await scratch.Migrate([Things, Colours], "up");

        Assert.Equal(0, first.Code);
        first.Says("applied 0001_things.sql");
        first.Says("applied 0002_colours.sql");
        first.Says("3 rows changed");
        Assert.Equal(0, second.Code);
        second.Says("nothing to do: everything is applied");
        Assert.Equal(3, await scratch.Ask<long>("select count(*) from public.things where colour = 'grey'"));
        Assert.Equal(
            $"1 things {Things.Checksum} t, 2 colours {Colours.Checksum} t",
            await scratch.Ask<string>(
                """
                select string_agg(concat_ws(' ', version, name, checksum, (duration_ms >= 0 and applied_at <= now())), ', ' order by version)
                from public.schema_migrations
                """
            )
        );
    }

    [Fact]
    public async Task No_files_are_nothing_to_do()
    {
        var ended = await scratch.Migrate([]);

        Assert.Equal(0, ended.Code);
        ended.Says("nothing to do: there are no migrations");
    }

    [Fact]
    public async Task The_history_belongs_to_the_owner_and_the_other_roles_only_read_it()
    {
        await scratch.Migrate([Things]);

        Assert.Equal("mana_owner", await scratch.Ask<string>("select tableowner from pg_tables where tablename = 'schema_migrations'"));
        foreach (var role in new[] { "mana_app", "mana_read" })
        {
            Assert.Equal(1, await scratch.Ask<long>("select count(*) from public.schema_migrations", role));
            var refused = await Assert.ThrowsAsync<PostgresException>(() => scratch.Do("delete from public.schema_migrations", role));
            Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refused.SqlState);
        }
    }

    [Fact]
    public async Task A_failing_file_is_rolled_back_whole_names_its_line_and_succeeds_after_the_repair()
    {
        var broken = new Migration(
            2,
            "colours",
            "alter table public.things add column colour text;\n\nupdate public.things\nset nonsense = 1;\n"
        );

        var failed = await scratch.Migrate([Things, broken]);

        Assert.Equal(1, failed.Code);
        failed.Says("0002_colours.sql failed at line 4: 42703");
        failed.Says("released lock 987654321");
        Assert.False(await HasColour());
        Assert.Equal(1, await scratch.Ask<int>("select max(version) from public.schema_migrations"));

        var repaired = await scratch.Migrate([Things, Colours]);

        Assert.Equal(0, repaired.Code);
        Assert.True(await HasColour());
    }

    [Fact]
    public async Task What_is_only_checked_at_the_commit_fails_with_the_name_of_the_file()
    {
        var deferred = new Migration(
            1,
            "orphans",
            """
            create table public.parents (id integer primary key);
            create table public.children (parent integer references public.parents deferrable initially deferred);
            insert into public.children values (7);
            """
        );

        var ended = await scratch.Migrate([deferred]);

        Assert.Equal(1, ended.Code);
        ended.Says("0001_orphans.sql failed at its end: 23503");
        Assert.Equal(1, (await scratch.Migrate([deferred], "--dry-run")).Code);
        Assert.True(await scratch.Ask<bool>("select to_regclass('public.parents') is null"));
    }

    [Fact]
    public async Task A_changed_file_stops_everything_and_is_named()
    {
        await scratch.Migrate([Things]);

        var ended = await scratch.Migrate([new Migration(1, "things", Things.Sql + " "), Colours]);

        Assert.Equal(1, ended.Code);
        ended.Says("0001_things.sql was changed after it was applied");
        Assert.False(await HasColour());
    }

    [Fact]
    public async Task A_new_file_behind_the_newest_applied_one_is_refused()
    {
        await scratch.Migrate([Things, Colours]);
        await scratch.Do("delete from public.schema_migrations where version = 1");

        var ended = await scratch.Migrate([Things, Colours]);

        Assert.Equal(1, ended.Code);
        ended.Says("0001_things.sql is new but older than the newest applied migration");
    }

    [Fact]
    public async Task A_gap_between_the_files_is_refused()
    {
        var ended = await scratch.Migrate([Things, new Migration(3, "later", "select 1;")]);

        Assert.Equal(1, ended.Code);
        ended.Says("there is a gap before 0003_later.sql");
        Assert.True(await scratch.Ask<bool>("select to_regclass('public.schema_migrations') is null"));
    }

    [Theory]
    [InlineData("create table public.half (id integer);\ncommit;", "line 2: 'commit'")]
    [InlineData("begin;", "line 1: 'begin'")]
    [InlineData("Rollback;", "line 1: 'rollback'")]
    [InlineData("discard all;", "line 1: 'discard all'")]
    [InlineData("prepare transaction 'later';", "line 1: 'prepare transaction'")]
    [InlineData("-- mana:no-transaction\nstart transaction;", "line 2: 'start transaction'")]
    public async Task A_file_may_not_end_the_transaction_of_the_runner_and_nothing_is_applied(string sql, string where)
    {
        var ended = await scratch.Migrate([Things, new Migration(2, "clever", sql)]);

        Assert.Equal(1, ended.Code);
        ended.Says($"0002_clever.sql {where}");
        Assert.True(await scratch.Ask<bool>("select to_regclass('public.things') is null"));
    }

    [Fact]
    public async Task What_one_file_sets_does_not_reach_the_next()
    {
        var ended = await scratch.Migrate([
            new Migration(1, "sets", "set lock_timeout = '7min'; set search_path = pg_temp; create table pg_temp.x (id integer);"),
            new Migration(
                2,
                "sees",
                "create table public.seen as select current_setting('lock_timeout') as patience, current_setting('search_path') as path, "
                    + "current_setting('client_connection_check_interval') as interval, current_user::text as who;"
            ),
        ]);

        Assert.Equal(0, ended.Code);
        Assert.Equal(
            "5s, \"$user\", public, 500ms, mana_owner",
            await scratch.Ask<string>("select concat_ws(', ', patience, path, interval, who) from public.seen")
        );
    }

    [Fact]
    public async Task Functions_with_semicolons_inside_arrive_whole()
    {
        var ended = await scratch.Migrate([
            new Migration(
                1,
                "functions",
                """
                create function public.twice(n integer) returns integer language plpgsql as $body$
                begin
                    if n is null then raise exception 'no; nothing'; end if;
                    return n * 2;
                end
                $body$;
                create function public.sign_of(n integer) returns text language sql
                begin atomic
                    select 1;
                    select case when n < 0 then 'minus;' else 'plus' end;
                end;
                create table public.answers as select public.twice(21) as twice, public.sign_of(-1) as sign, ':name @p $1;' as text;
                """
            ),
        ]);

        Assert.True(ended.Code == 0, ended.Output);
        Assert.Equal("42 minus; :name @p $1;", await scratch.Ask<string>("select concat_ws(' ', twice, sign, text) from public.answers"));
    }

    [Fact]
    public async Task Another_login_than_the_owner_is_refused()
    {
        var ended = await MigratingScratch.Migrate(scratch.Environs(url: scratch.As("mana_app")), [Things], ["up"]);

        Assert.Equal(1, ended.Code);
        ended.Says("migrations run as mana_owner, but this login is mana_app");
    }

    [Fact]
    public async Task A_dry_run_says_what_it_would_do_and_leaves_nothing()
    {
        var index = new Migration(
            3,
            "index",
            "-- mana:no-transaction\ncreate index concurrently if not exists things_colour on public.things (colour);"
        );

        var ended = await scratch.Migrate([Things, Colours, index], "up", "--dry-run");

        Assert.Equal(0, ended.Code);
        ended.Says("would apply 0001_things.sql");
        ended.Says("would apply 0002_colours.sql, 3 rows changed");
        ended.Says("skipped 0003_index.sql");
        Assert.Equal(0, await scratch.Ask<long>("select count(*) from pg_tables where schemaname = 'public'"));
        Assert.Equal(1, (await scratch.Migrate([new Migration(1, "wrong", "select nonsense;")], "--dry-run")).Code);
    }

    [Fact]
    public async Task Status_always_ends_well_and_verify_only_when_everything_is_applied_unchanged()
    {
        await AssertReport([Things, Colours], verified: 1, "0001  things   -                    pending", "behind by 2");

        await scratch.Migrate([Things]);
        await AssertReport([Things, Colours], verified: 1, "pending", "behind by 1");

        await scratch.Migrate([Things, Colours]);
        await AssertReport([Things, Colours], verified: 0, "  ok", "the database is current");
        await AssertReport([Things, new Migration(2, "colours", "select 1;")], verified: 1, "changed", "an applied file was changed");
        await AssertReport([Things], verified: 0, "newer than this binary", "this binary may run on it");
    }

    [Theory]
    [InlineData("down")]
    [InlineData("up", "now")]
    [InlineData("verify", "--dry-run")]
    [InlineData("--roles", "--dry-run")]
    public async Task Words_that_are_not_understood_end_with_1(params string[] args)
    {
        Assert.Equal(1, (await scratch.Migrate([Things], args)).Code);
        Assert.True(await scratch.Ask<bool>("select to_regclass('public.schema_migrations') is null"));
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("5m")]
    [InlineData("86401")]
    public async Task A_timeout_that_is_no_number_of_seconds_ends_with_1(string timeout)
    {
        var ended = await MigratingScratch.Migrate(scratch.Environs(timeout), [Things], []);

        Assert.Equal(1, ended.Code);
        ended.Says("MIGRATION_TIMEOUT");
    }

    [Fact]
    public async Task Without_an_address_it_says_which_variable_to_set()
    {
        var ended = await MigratingScratch.Migrate(new(StringComparer.Ordinal) { ["DATABASE_URL"] = "" }, [Things], []);

        Assert.Equal(1, ended.Code);
        ended.Says("set MIGRATION_DATABASE_URL");
    }

    public async ValueTask InitializeAsync() => scratch = await MigratingScratch.Create();

    public ValueTask DisposeAsync() => scratch.DisposeAsync();

    private static readonly Migration Things = new(
        1,
        "things",
        "create table public.things (id integer primary key);\ninsert into public.things select generate_series(1, 3);\n"
    );

    private static readonly Migration Colours = new(
        2,
        "colours",
        "alter table public.things add column colour text;\nupdate public.things set colour = 'grey';\n"
    );

    private MigratingScratch scratch = null!;

    private Task<bool> HasColour() =>
        scratch.Ask<bool>("select exists (select from information_schema.columns where table_name = 'things' and column_name = 'colour')");

    private async Task AssertReport(IReadOnlyList<Migration> known, int verified, params string[] texts)
    {
        var status = await scratch.Migrate(known, "status");
        var verify = await scratch.Migrate(known, "verify");
        Assert.Equal((0, verified), (status.Code, verify.Code));
        Assert.All(texts, status.Says);
        Assert.Equal(status.Output, verify.Output);
    }
}
