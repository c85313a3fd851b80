using Mana.Ledger;
using Mana.Operations;
using Mana.Specs.World;
using Microsoft.Extensions.DependencyInjection;

namespace Mana.Specs.Ledger;

/// <summary>Whoever alters the books past every policy is found, and the check says in whose history and where (ruling 18d).</summary>
public sealed class Tampering_with_the_books(House house) : IClassFixture<House>
{
    private const int Few = 60;

    private const int Many = 1_000;

    [Fact]
    public Task Sixty_deeds_of_every_kind_are_all_found_and_named() => AllAreFound(Few);

    [Fact]
    [Trait("Category", "Faults")]
    public Task A_thousand_deeds_of_every_kind_are_all_found_and_named() => AllAreFound(Many);

    [Theory]
    [InlineData("update credits.transactions set created_at = '20000-01-01' where owner_id = $1 and seq = 2", 2)]
    [InlineData("update credits.transactions set created_at = 'infinity' where owner_id = $1 and seq = 2", 2)]
    [InlineData("update credits.transactions set description = null where owner_id = $1 and seq = 2", 2)]
    [InlineData("update credits.accounts set free = 9223372036854775807, paid = 9223372036854775807 where owner_id = $1", 5)]
    [InlineData("update credits.accounts set chain_tail = null where owner_id = $1", 5)]
    [InlineData("update credits.transfers set amount = null where owner_id = $1 and seq = 2", 2)]
    [InlineData("update credits.transfers set amount = -9223372036854775808 where owner_id = $1 and seq = 2", 2)]
    [InlineData("update credits.lots set opened_at = '20000-01-01' where owner_id = $1 and id / 256 = 4", 4)]
    [InlineData("update credits.holds set expires_at = null where owner_id = $1 and seq = 5", 5)]
    public async Task What_cannot_be_read_is_named_and_hides_nothing_else(string tampering, long seq)
    {
        var (first, second) = await Two();
        await using var books = await KeptBooks.Of(house.Database);
        Assert.True(await books.Tamper(tampering, first) > 0);
        await books.Tamper("update credits.transactions set app_id = 'casino' where owner_id = $1 and seq = 2", second);

        var faults = await Faults();

        Assert.Contains(faults, fault => fault.Owner == first && fault.Seq == seq && fault.Rule == ReadableRows.Rule);
        Assert.Contains(faults, fault => fault is { Rule: "a row differs from its hash", Seq: 2 } && fault.Owner == second);
        Assert.DoesNotContain(faults, fault => fault.Owner == "everybody" && fault.Rule.Contains("no end", StringComparison.Ordinal));
    }

    [Fact]
    public async Task More_than_can_be_named_is_told_after_everything_that_was_found_before()
    {
        var (first, _) = await Two();
        await using var books = await KeptBooks.Of(house.Database);
        // As many as are named, and one more, which is met where rows are read one by one.
        await books.Tamper(
            """
            insert into credits.transactions
            select 'zz-' || n, 1, gen_random_uuid(), t.type, t.status, t.amount, t.balance_before, t.balance_after, t.app_id, t.description,
                t.organization_id, t.metadata, null, null, '20000-01-01', t.completed_at, t.reverses, t.hash, t.xid, t.text_digest
            from credits.transactions t, generate_series(1, $2) n
            where t.owner_id = $1 and t.seq = 1
            """,
            first,
            BookRules.FaultsMax + 1
        );

        await using var output = new StringWriter();
        var environment = new Dictionary<string, string> { ["DATABASE_URL"] = house.Database.AppUrl };
        var exit = await CheckBooksCommand.Run([], environment, output, CancellationToken.None);

        Assert.Equal(1, exit);
        Assert.Contains("a row cannot be read: owner zz-1, position 1", output.ToString(), StringComparison.Ordinal);
        Assert.Contains("a history belongs to no account", output.ToString(), StringComparison.Ordinal);
        Assert.Contains(
            "a part of the check came to no end: owner everybody: histories behind",
            output.ToString(),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_statement_the_database_refuses_is_named_and_what_was_found_before_is_told()
    {
        var (first, _) = await Two();
        await using var books = await KeptBooks.Of(house.Database);
        await books.Tamper("update credits.accounts set free = free + 1 where owner_id = $1", first);
        await books.Tamper("alter table credits.seals rename column root to was_root");

        var faults = await Faults();

        await books.Tamper("alter table credits.seals rename column was_root to root");
        Assert.Contains(faults, fault => fault is { Rule: "a part of the check came to no end" });
    }

    [Fact]
    public async Task Texts_that_are_erased_of_somebody_who_lives_are_found()
    {
        var (first, second) = await Two();
        await using var books = await KeptBooks.Of(house.Database);
        await books.Tamper("select credits.forget_texts($1, $1)", first);
        await books.Tamper("update credits.accounts set owner_kind = 'erased' where owner_id = $1", second);

        var faults = await Faults();

        Assert.Equal(
            new[] { first, second }.Order(StringComparer.Ordinal),
            faults.Where(fault => fault.Rule == "texts are erased of somebody who is not").Select(fault => fault.Owner)
        );
    }

    [Fact]
    public async Task An_owner_with_two_accounts_is_found()
    {
        var (first, _) = await Two();
        await using var books = await KeptBooks.Of(house.Database);
        await house.Database.Tamper("alter table credits.accounts drop constraint accounts_pkey, drop constraint accounts_chain_id_unique");
        await books.Tamper("insert into credits.accounts select * from credits.accounts where owner_id = $1", first);

        var faults = await Faults();

        await books.Restore();
        await house.Database.Tamper(
            "alter table credits.accounts add constraint accounts_pkey primary key (owner_id), add constraint accounts_chain_id_unique unique (chain_id)"
        );
        Assert.Contains(faults, fault => fault.Rule == "an owner has more than one account" && fault.Owner == first);
    }

    /// <summary>Two people whose books have everything in them, by their ids in the order in which they are read.</summary>
    private async Task<(string First, string Second)> Two()
    {
        var (one, other) = (await house.Person("one"), await house.Person("other"));
        var service = house.Service();
        foreach (var person in new[] { one, other })
        {
            (await person.Use(3)).Expect(200);
            (await person.Use(4)).Expect(200);
            (await service.Grant(person, 20, "r", expiresAt: house.Clock.GetUtcNow().AddDays(9))).Expect(200);
            (await service.Reserve(person, 25)).Expect(200);
        }

        await house.Database.Tamper(Tampering.NoMoreChecks);
        string[] ids = [one.Id, other.Id];
        Array.Sort(ids, StringComparer.Ordinal);

        return (ids[0], ids[1]);
    }

    private async Task<IReadOnlyList<BookFault>> Faults() =>
        (await house.Services.GetRequiredService<CheckBooks>().Run(CancellationToken.None)).Faults;

    private async Task AllAreFound(int deeds)
    {
        var tampering = new Tampering(house);
        await tampering.Prepare();
        await using var books = await KeptBooks.Of(house.Database);
        await house.BooksBalance();
        var escaped = new List<string>();
        for (var number = 0; number < deeds; number++)
        {
            if (await tampering.Escapes(books, tampering.Of(number)) is { } escape)
            {
                escaped.Add($"deed {number}: {escape}");
            }
        }

        Assert.True(escaped.Count == 0, $"{escaped.Count} of {deeds} escaped:\n{string.Join('\n', escaped)}");
        await house.BooksBalance();
    }
}
