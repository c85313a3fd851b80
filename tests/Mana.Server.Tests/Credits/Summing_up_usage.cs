using Mana.Specs.World;

namespace Mana.Specs.Credits;

/// <summary>One row for each owner, app and day of UTC, and what is not rolled up yet on top (ruling 18e).</summary>
public sealed class Summing_up_usage(House house) : IClassFixture<House>
{
    [Fact]
    public async Task What_was_spent_shows_at_once_and_stays_the_same_when_it_is_rolled_up()
    {
        var alice = await house.Person("alice");
        (await alice.Use(10)).Expect(200);
        (await alice.Use(5, appId: "maps")).Expect(200);
        var spent = (await alice.Use(7)).Expect(200).Json.GetProperty("transaction").GetProperty("id").GetString()!;
        (await house.Service().Refund(alice, spent, 3)).Expect(200);

        var atOnce = (await alice.Get("/api/v1/credits/usage")).Expect(200).Body;
        await KeptBooks.Sealed(house.Database);
        var rolledUp = (await alice.Get("/api/v1/credits/usage?groupBy=app")).Expect(200).Body;

        Assert.Equal(
            """[{"appId":"chat","creditsUsed":17,"creditsRefunded":3,"uses":2},{"appId":"maps","creditsUsed":5,"creditsRefunded":0,"uses":1}]""",
            atOnce
        );
        Assert.Equal(atOnce, rolledUp);
        Assert.Equal(2L, await house.Database.Read<long>("select count(*) from credits.usage_stats where owner_id = $1", alice.Id));
    }

    [Fact]
    public async Task Under_many_spenders_and_sealers_every_credit_is_counted_once()
    {
        await using var neighbour = await house.OpenNeighbour();
        var people = await Task.WhenAll(Enumerable.Range(0, 4).Select(number => house.Person($"p{number}")));
        for (var round = 0; round < 5; round++)
        {
            await Task.WhenAll(people.SelectMany(person => Enumerable.Range(1, 4).Select(amount => person.Use(amount))));
            foreach (var person in people)
            {
                var used = (await person.Get("/api/v1/credits/usage")).Expect(200).Json[0].GetProperty("creditsUsed").GetInt64();
                Assert.Equal(10 * (round + 1), used);
            }
        }
    }

    [Fact]
    public async Task Days_are_those_of_UTC_and_can_be_chosen()
    {
        var alice = await house.Person("alice");
        var today = house.Clock.GetUtcNow().ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
        (await alice.Use(4)).Expect(200);

        Assert.Equal(
            $$"""[{"date":"{{today}}","creditsUsed":4,"creditsRefunded":0,"uses":1}]""",
            (await alice.Get($"/api/v1/credits/usage?groupBy=day&from={today}&to={today}")).Expect(200).Body
        );
        Assert.Equal("[]", (await alice.Get("/api/v1/credits/usage?from=2020-01-01&to=2020-12-31")).Expect(200).Body);
    }

    [Theory]
    [InlineData("groupBy=owner")]
    [InlineData("from=yesterday")]
    [InlineData("from=2026-02-01&to=2026-01-01")]
    [InlineData("from=2024-01-01&to=2026-01-01")]
    public async Task What_is_not_understood_is_refused(string query)
    {
        var alice = await house.Person("alice");

        (await alice.Get($"/api/v1/credits/usage?{query}")).Expect(400, "VALIDATION");
    }

    [Fact]
    public async Task Nobody_sees_what_others_spent()
    {
        var (alice, bob) = (await house.Person("alice"), await house.Person("bob"));
        (await alice.Use(4)).Expect(200);

        Assert.Equal("[]", (await bob.Get("/api/v1/credits/usage")).Expect(200).Body);
    }
}
