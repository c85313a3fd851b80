using Mana.Specs.World;

namespace Mana.Specs.Credits;

/// <summary>Balances that are asked for at once are read by one statement. Nobody may see another's, and nobody an old one.</summary>
public sealed class Reading_balances_in_groups(House house) : IClassFixture<House>
{
    private const string Path = "/api/v1/credits/balance";

    [Fact]
    public async Task Many_who_ask_at_once_each_see_their_own()
    {
        var people = new List<(Person Person, long Left)>();
        for (var number = 1; number <= 8; number++)
        {
            var person = await house.Person($"reader-{number}");
            (await person.Use(number)).Expect(200);
            people.Add((person, 150 - number));
        }

        var replies = await Task.WhenAll(
            Enumerable
                .Range(0, 160)
                .Select(async at => (people[at % people.Count].Left, Reply: await people[at % people.Count].Person.Get(Path)))
        );

        foreach (var (left, reply) in replies)
        {
            Assert.Equal(left, reply.Expect(200).Json.GetProperty("freeCreditsRemaining").GetInt64());
        }
    }

    [Fact]
    public async Task What_was_spent_is_missing_from_every_balance_asked_for_afterwards()
    {
        var alice = await house.Person("alice");
        for (var spent = 1; spent <= 20; spent++)
        {
            var others = Enumerable.Range(0, 8).Select(_ => alice.Get(Path)).ToArray(); // in flight while the spending commits
            (await alice.Use(1)).Expect(200);

            var after = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => alice.Get(Path)));

            Assert.All(after, reply => Assert.Equal(150 - spent, reply.Expect(200).Json.GetProperty("freeCreditsRemaining").GetInt64()));
            Assert.All(await Task.WhenAll(others), reply => reply.Expect(200));
        }
    }
}
