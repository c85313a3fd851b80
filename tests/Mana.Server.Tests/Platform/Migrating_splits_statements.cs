using Mana.Platform.Database.Migrations;

namespace Mana.Specs.Platform;

public sealed class Migrating_splits_statements
{
    [Theory]
    [InlineData("select 1; select 2", "1:select 1", "1:select 2")]
    [InlineData("\n\nselect 1;\n;;\n  select 2 ;\n", "3:select 1", "5:select 2")]
    [InlineData("-- one; two\nselect 1; -- three; four\n/* five; /* six; */ seven; */ select 2;", "2:select 1", "3:select 2")]
    [InlineData("select 1 /* in; side */ + 1; select 2", "1:select 1 /* in; side */ + 1", "1:select 2")]
    [InlineData("select 'a;b', 'it''s; fine'; select 2", "1:select 'a;b', 'it''s; fine'", "1:select 2")]
    [InlineData(@"select 'back\'; select 2", @"1:select 'back\'", "1:select 2")]
    [InlineData(@"select e'it\'s; fine', E'\\'; select 2", @"1:select e'it\'s; fine', E'\\'", "1:select 2")]
    [InlineData("select e'one'\n'two\\';'; select 2", "1:select e'one'\n'two\\';'", "2:select 2")]
    [InlineData("select type'a\\'; select 2", "1:select type'a\\'", "1:select 2")]
    [InlineData("""select "odd;name", "a""b;c"; select 2""", "1:select \"odd;name\", \"a\"\"b;c\"", "1:select 2")]
    [InlineData("do $$ begin; end; $$; select 2", "1:do $$ begin; end; $$", "1:select 2")]
    [InlineData("select $a$ $$; $b$; $a$, $1; select 2", "1:select $a$ $$; $b$; $a$, $1", "1:select 2")]
    [InlineData("select a$b$c; select $b$x;y$b$", "1:select a$b$c", "1:select $b$x;y$b$")]
    [InlineData(
        "create rule r as on insert to t do (delete from a; delete from b); select 2",
        "1:create rule r as on insert to t do (delete from a; delete from b)",
        "1:select 2"
    )]
    [InlineData(
        "create or replace function f() returns int begin atomic select case when true then 1 end; select 2; end; select 3",
        "1:create or replace function f() returns int begin atomic select case when true then 1 end; select 2; end",
        "1:select 3"
    )]
    [InlineData(
        "create procedure p() begin atomic delete from a; end; select 3",
        "1:create procedure p() begin atomic delete from a; end",
        "1:select 3"
    )]
    [InlineData("select case when true then 1 end; select begin from t", "1:select case when true then 1 end", "1:select begin from t")]
    [InlineData("select 'é;ü', größe from tabelle; select 2", "1:select 'é;ü', größe from tabelle", "1:select 2")]
    [InlineData("")]
    [InlineData("-- nothing\n/* at all; */\n;\n")]
    public void At_the_semicolons_that_end_one(string sql, params string[] expected)
    {
        Assert.Equal(expected, SqlStatements.In(sql).Select(statement => $"{statement.Line}:{statement.Text}"), StringComparer.Ordinal);
    }

    [Theory]
    [InlineData("select 1;\nselect 'never", "line 2: a string")]
    [InlineData("select \"never", "line 1: a quoted name")]
    [InlineData("do $x$ begin end $y$;", "line 1: the dollar quote $x$")]
    [InlineData("select 1;\n/* /* */", "line 2: a comment")]
    [InlineData("select (1;", "line 1: a parenthesis")]
    [InlineData("create function f() returns int begin atomic select 1;", "line 1: a function body")]
    [InlineData(@"select e'\", "line 1: a string")]
    public void And_says_where_something_is_never_closed(string sql, string where)
    {
        Assert.Contains(where, Assert.Throws<FormatException>(() => SqlStatements.In(sql)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("create index concurrently if not exists i on auth.t (a)", "i", "auth.t")]
    [InlineData("CREATE UNIQUE INDEX CONCURRENTLY Idx ON ONLY t USING btree (a)", "idx", "t")]
    [InlineData("create index concurrently \"Odd \"\"one\" on \"My Schema\".\"t\" (a)", "Odd \"one", "\"My Schema\".\"t\"")]
    [InlineData("create index concurrently on t (a)", null, null)]
    [InlineData("create index i on t (a)", null, null)]
    [InlineData("drop index concurrently i", null, null)]
    public void And_knows_the_index_a_statement_builds_concurrently(string sql, string? name, string? table)
    {
        var index = ConcurrentIndex.Of(new SqlStatement(1, sql));

        Assert.Equal((name, table), (index?.Name, index?.Table));
    }
}
