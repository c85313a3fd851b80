using Mana.Specs.Gifts;
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
    public async Task Whatever_names_an_app_is_rolled_up_and_a_use_of_two_buckets_is_one_use()
    {
        var (alice, service) = (await house.Person("alice"), house.Service("maps"));
        (await service.Grant(alice, 100, "paid")).Expect(200);
        var spent = (await alice.Use(160)).Expect(200).Json.GetProperty("transaction").GetProperty("id").GetString()!;
        (await service.Refund(alice, spent, 15)).Expect(200);
        (await service.Commit((await service.Reserve(alice, 30)).Expect(200).Text("reservationId"), 20)).Expect(200);
        (await service.Release((await service.Reserve(alice, 9)).Expect(200).Text("reservationId"))).Expect(200);
        (await service.Reserve(alice, 8)).Expect(200);
        (await alice.Give(5)).Expect(201);

        await KeptBooks.Sealed(house.Database);

        Assert.Equal(
            "chat 160 15 1, maps 20 0 1",
            await house.Database.Read<string>(
                """
                select string_agg(app_id || ' ' || used || ' ' || refunded || ' ' || uses, ', ' order by app_id)
                from credits.usage_stats where owner_id = $1
                """,
                alice.Id
            )
        );
        Assert.Equal(
            await house.Database.Read<long>("select sum(amount)::bigint from credits.transfers where to_account like 'app:%'"),
            await house.Database.Read<long>("select sum(used)::bigint from credits.usage_stats")
        );
    }

    [Fact]
    public async Task Where_more_is_unsealed_than_can_be_looked_through_nothing_is_answered_rather_than_too_little()
    {
        var alice = await house.Person("alice");
        (await alice.Use(4)).Expect(200);
        await house.Database.Tamper(
            """
            insert into credits.transactions (
                owner_id, seq, id, type, status, amount, balance_before, balance_after, app_id, description, created_at, hash, xid)
            select 'a-crowd', n, gen_random_uuid(), 'usage', 'completed', 0, 0, 0, 'chat', '', now(), sha256('nothing'), 1000000000000000
            from generate_series(1, 100001) as n
            """
        );

        try
        {
            var refused = (await alice.Get("/api/v1/credits/usage")).Expect(503, "SERVICE_UNAVAILABLE");
            Assert.Equal("2", refused.Header("Retry-After"));

            await house.Database.Tamper("delete from credits.transactions where owner_id = 'a-crowd' and seq > 99000");
            Assert.Equal(4, (await alice.Get("/api/v1/credits/usage")).Expect(200).Json[0].GetProperty("creditsUsed").GetInt64());
        }
        finally
        {
            await house.Database.Tamper("delete from credits.transactions where owner_id = 'a-crowd'");
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
    [InlineData("to=0001-01-01")]
    [InlineData("to=0001-01-29")]
    [InlineData("from=9999-12-31")]
    [InlineData("from=0001-01-01")]
    [InlineData("to=9999-12-31&from=0001-01-01")]
    public async Task What_is_not_understood_is_refused(string query)
    {
        var alice = await house.Person("alice");

        (await alice.Get($"/api/v1/credits/usage?{query}")).Expect(400, "VALIDATION");
    }

    [Theory]
    [InlineData("from=0001-01-01&to=0001-01-01")]
    [InlineData("to=0001-01-30")]
    [InlineData("to=9999-12-31")]
    [InlineData("from=9999-12-31&to=9999-12-31")]
    public async Task On_the_first_and_the_last_days_of_the_calendar_nothing_was_spent(string query) =>
        Assert.Equal("[]", (await (await house.Person("alice")).Get($"/api/v1/credits/usage?{query}")).Expect(200).Body);

    [Fact]
    public async Task Nobody_sees_what_others_spent()
    {
        var (alice, bob) = (await house.Person("alice"), await house.Person("bob"));
        (await alice.Use(4)).Expect(200);

        Assert.Equal("[]", (await bob.Get("/api/v1/credits/usage")).Expect(200).Body);
    }
}
