using Mana.Ledger;
using Mana.Operations;
using Mana.Specs.World;
using Microsoft.Extensions.DependencyInjection;

namespace Mana.Specs.Ledger;

public sealed class Checking_the_books(House house) : IClassFixture<House>
{
    private static readonly string[] Untouched = [];

    [Fact]
    public async Task Books_that_were_used_by_many_at_once_balance()
    {
        var people = await Task.WhenAll(Enumerable.Range(0, 4).Select(number => house.Person($"p{number}")));
        await Task.WhenAll(
            people.SelectMany(person => Enumerable.Range(1, 12).Select(amount => person.Use(amount, key: $"k{amount % 9}")))
        );

        var report = await Check();

        Assert.Equal(Untouched, report.Faults.Select(fault => fault.ToString()));
        Assert.True(report.Transactions >= 4);
    }

    [Theory]
    [InlineData("update credits.accounts set free = free + 1 where owner_id = $1", "free is")]
    [InlineData("update credits.accounts set paid = 7 where owner_id = $1", "paid is 7")]
    [InlineData("update credits.accounts set held = 7 where owner_id = $1", "held is 7")]
    [InlineData("update credits.accounts set spent = spent + 1 where owner_id = $1", "spent 31")]
    [InlineData("update credits.accounts set version = version + 1 where owner_id = $1", "version is 5")]
    [InlineData("update credits.transfers set amount = 11 where owner_id = $1 and seq = 3", "amount is -10, its transfers make -11")]
    [InlineData("update credits.transactions set amount = -11, balance_after = 129 where owner_id = $1 and seq = 3", "amount is -11")]
    [InlineData(
        "update credits.transactions set balance_before = 141, balance_after = 131 where owner_id = $1 and seq = 3",
        "before is 141, the row before ends with 140"
    )]
    [InlineData("delete from credits.transactions where owner_id = $1 and seq = 3", "position 3 was expected")]
    [InlineData("delete from credits.transfers where owner_id = $1 and seq = 3", "its transfers make nothing")]
    [InlineData("delete from credits.accounts where owner_id = $1", "4 movements")]
    public async Task A_row_altered_by_hand_is_named(string tampering, string named)
    {
        var alice = await house.Person("alice");
        for (var number = 0; number < 3; number++)
        {
            (await alice.Use(10)).Expect(200);
        }

        await using var books = await KeptBooks.Of(house.Database);
        Assert.Equal(1, await books.Tamper(tampering, alice.Id));

        var faults = (await Check()).Faults;

        Assert.Contains(faults, fault => fault.Owner == alice.Id && fault.Detail.Contains(named, StringComparison.Ordinal));
        Assert.All(
            faults,
            fault =>
                Assert.True(
                    fault.Owner == alice.Id || fault.Owner is "everybody" || fault.Owner.StartsWith("of chain ", StringComparison.Ordinal)
                )
        );
    }

    [Fact]
    public async Task A_hold_that_stayed_open_while_its_owner_went_on_is_named_and_one_nobody_came_for_is_not()
    {
        var (alice, bob) = (await house.Person("alice"), await house.Person("bob"));
        (await house.Service().Reserve(alice, 5)).Expect(200);
        (await alice.Use(1)).Expect(200);
        (await house.Service().Reserve(bob, 5)).Expect(200);
        await using var books = await KeptBooks.Of(house.Database);
        await books.Tamper(
            "update credits.holds set expires_at = created_at - interval '1 hour' where owner_id in ($1, $2)",
            alice.Id,
            bob.Id
        );

        var overdue = (await Check()).Faults.Where(fault => fault.Rule == "a hold is open longer than its time");

        Assert.Equal((alice.Id, 2L), overdue.Select(fault => (fault.Owner, fault.Seq!.Value)).Single());
    }

    [Fact]
    public async Task The_command_ends_with_one_and_the_owner_when_a_row_was_altered()
    {
        var alice = await house.Person("alice");
        var environment = new Dictionary<string, string> { ["DATABASE_URL"] = house.Database.AppUrl };
        var right = new StringWriter();
        Assert.Equal(0, await CheckBooksCommand.Run([], environment, right, CancellationToken.None));
        Assert.Contains("the books balance", right.ToString(), StringComparison.Ordinal);

        await house.Database.Tamper("update credits.accounts set free = 151 where owner_id = $1", alice.Id);
        var wrong = new StringWriter();
        var exit = await CheckBooksCommand.Run([], environment, wrong, CancellationToken.None);
        await house.Database.Tamper("update credits.accounts set free = 150 where owner_id = $1", alice.Id);

        Assert.Equal(1, exit);
        Assert.Contains(alice.Id, wrong.ToString(), StringComparison.Ordinal);
    }

    private Task<BookReport> Check() => house.Services.GetRequiredService<CheckBooks>().Run(CancellationToken.None);
}
