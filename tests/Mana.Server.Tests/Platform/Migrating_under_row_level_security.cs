using Mana.Platform.Database.Migrations;

namespace Mana.Specs.Platform;

public sealed class Migrating_under_row_level_security : IAsyncLifetime
{
    [Fact]
    public async Task A_backfill_as_the_owner_counts_its_rows_when_the_table_has_the_policy_of_the_owner()
    {
        var ended = await scratch.Migrate([Coins(withOwnerPolicy: true), Backfill]);

        Assert.Equal(0, ended.Code);
        Assert.Matches("applied 0002_backfill[.]sql in [0-9]+ ms, 3 rows changed", ended.Output);
        Assert.Equal(3, await scratch.Ask<long>("select count(*) from public.coins where worth = 5"));
    }

    [Fact]
    public async Task Without_that_policy_the_same_backfill_changes_nothing_and_says_so()
    {
        var ended = await scratch.Migrate([Coins(withOwnerPolicy: false), Backfill]);

        Assert.Equal(0, ended.Code);
        Assert.Matches("applied 0002_backfill[.]sql in [0-9]+ ms, 0 rows changed", ended.Output);
        Assert.Equal(0, await scratch.Ask<long>("select count(*) from public.coins where worth = 5"));
    }

    public async ValueTask InitializeAsync() => scratch = await MigratingScratch.Create();

    public ValueTask DisposeAsync() => scratch.DisposeAsync();

    private static readonly Migration Backfill = new(2, "backfill", "update public.coins set worth = 5 where worth is null;");

    private MigratingScratch scratch = null!;

    private static Migration Coins(bool withOwnerPolicy) =>
        new(
            1,
            "coins",
            $"""
            create table public.coins (owner text not null, worth integer);
            insert into public.coins (owner) values ('ada'), ('ben'), ('cid');
            alter table public.coins enable row level security;
            alter table public.coins force row level security;
            create policy people on public.coins to mana_app using (owner = current_setting('app.user_id', true));
            {(withOwnerPolicy ? "create policy owner on public.coins to mana_owner using (true) with check (true);" : "")}
            """
        );
}
