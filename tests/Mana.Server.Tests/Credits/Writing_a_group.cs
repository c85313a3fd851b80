using Mana.Credits;
using Mana.Ledger;
using Mana.Platform;
using Mana.Platform.Database;
using Mana.Specs.World;
using Microsoft.Extensions.DependencyInjection;

namespace Mana.Specs.Credits;

/// <summary>Ruling 18c: each row that a group wrote is matched with the request it is of, by owner and position.</summary>
public sealed class Writing_a_group(House house) : IClassFixture<House>
{
    [Theory]
    [InlineData("new.owner_id := case new.owner_id when {alice} then {bob} else {alice} end", "the owners of two rows change places")]
    [InlineData("new.id := gen_random_uuid()", "each row has another id than was said")]
    [InlineData("new.metadata := '{\"by\":\"somebody else\"}'", "the database keeps something else than was hashed")]
    public async Task A_row_that_is_another_requests_breaks_the_group_and_nothing_is_spent(string exchange, string how)
    {
        var (alice, bob) = (await house.Person("alice"), await house.Person("bob"));
        var spoiled = exchange.Replace("{alice}", $"'{alice.Id}'", StringComparison.Ordinal);
        await house.Database.Tamper(
            $"""
            create function public.exchange() returns trigger language plpgsql as
                $$begin {spoiled.Replace("{bob}", $"'{bob.Id}'", StringComparison.Ordinal)}; return new; end$$;
            create trigger exchange before insert on credits.transactions for each row execute function public.exchange()
            """
        );
        try
        {
            var broken = await Record.ExceptionAsync(() => Spend(alice, bob));
            Assert.True(broken is BrokenInvariantException, $"{how}, and that is noticed by nobody: {broken}");
        }
        finally
        {
            await house.Database.Tamper("drop function public.exchange() cascade");
        }

        Assert.Equal((150, 150), (await alice.Balance(), await bob.Balance()));
        Assert.Equal([alice.Id, bob.Id], (await Spend(alice, bob)).Select(spent => spent.Transaction.Owner.Value));
        Assert.Equal((143, 143), (await alice.Balance(), await bob.Balance()));
        await house.BooksBalance();
    }

    /// <summary>All of them spend the same in one group.</summary>
    private async Task<List<Spent>> Spend(params Person[] people)
    {
        var answers = await house
            .Services.GetRequiredService<Db>()
            .Transact<SpendBatch.Answers>(
                Scope.Service("spend as one group in a spec"),
                tx =>
                    house
                        .Services.GetRequiredService<SpendBatch>()
                        .Run(
                            tx,
                            [
                                .. people.Select(person => new SpendRequest(
                                    new OwnerId(person.Id),
                                    new Spending(7, "chat", "a spec", null, "{}"),
                                    null
                                )),
                            ]
                        ),
                CancellationToken.None
            );

        return answers.Value.Said.ConvertAll(said => said.Outcome.Value);
    }
}
