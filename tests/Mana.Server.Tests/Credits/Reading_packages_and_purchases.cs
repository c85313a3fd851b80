using Mana.Specs.World;

namespace Mana.Specs.Credits;

/// <summary>Contract 1.3.3 and 1.3.4: what can be bought, and what was.</summary>
public sealed class Reading_packages_and_purchases(House house) : IClassFixture<House>
{
    private const string Purchases = "/api/v1/credits/purchases";

    [Fact]
    public async Task A_new_database_offers_four_packages_at_one_rate()
    {
        var alice = await house.Person("alice");

        var packages = (await alice.Get("/api/v1/credits/packages")).Expect(200).Json.EnumerateArray().ToArray();

        Assert.Equal([100, 500, 1000, 2000], packages.Select(package => package.GetProperty("credits").GetInt64()));
        Assert.All(
            packages,
            package => Assert.Equal(package.GetProperty("credits").GetInt64(), package.GetProperty("priceEuroCents").GetInt64())
        );
        Assert.Equal(
            [
                "id",
                "name",
                "description",
                "credits",
                "priceEuroCents",
                "stripePriceId",
                "active",
                "sortOrder",
                "metadata",
                "createdAt",
                "updatedAt",
            ],
            packages[0].EnumerateObject().Select(member => member.Name)
        );
        (await house.Nobody().Get("/api/v1/credits/packages")).Expect(401);
    }

    [Fact]
    public async Task A_package_that_was_withdrawn_is_not_offered()
    {
        var alice = await house.Person("alice");
        await house.Database.Tamper("update credits.packages set active = false where credits = 2000");
        try
        {
            var packages = (await alice.Get("/api/v1/credits/packages")).Expect(200).Json.EnumerateArray().ToArray();

            Assert.Equal([100, 500, 1000], packages.Select(package => package.GetProperty("credits").GetInt64()));
        }
        finally
        {
            await house.Database.Tamper("update credits.packages set active = true");
        }
    }

    [Fact]
    public async Task Purchases_are_listed_newest_first_and_page_by_page()
    {
        var alice = await house.Person("alice");
        var ids = new List<Guid>();
        for (var number = 0; number < 5; number++)
        {
            ids.Insert(0, await Bought(alice, "pending", minutesAgo: 10 - number / 2));
        }

        var all = (await alice.Get(Purchases)).Expect(200).Json.EnumerateArray().Select(Id).ToArray();
        var first = (await alice.Get($"{Purchases}?limit=3")).Expect(200).Json.EnumerateArray().Select(Id).ToArray();
        var rest = (await alice.Get($"{Purchases}?limit=3&before={first[^1]}")).Expect(200).Json.EnumerateArray().Select(Id).ToArray();

        Assert.Equal(5, all.Length);
        Assert.Equal(all, first.Concat(rest));
        Assert.Equal(ids.Order(), all.Order());
        (await alice.Get($"{Purchases}?limit=201")).Expect(400, "VALIDATION");
        (await alice.Get($"{Purchases}?before=x")).Expect(400, "VALIDATION");
    }

    [Fact]
    public async Task ENU_05_somebody_elses_an_unknown_and_a_malformed_purchase_are_the_same_404()
    {
        var (alice, bob) = (await house.Person("alice"), await house.Person("bob"));
        var purchase = await Bought(alice, "completed", minutesAgo: 1);

        var own = (await alice.Get($"/api/v1/credits/purchase/{purchase}")).Expect(200);
        var refused = new[]
        {
            await bob.Get($"/api/v1/credits/purchase/{purchase}"),
            await bob.Get($"/api/v1/credits/purchase/{Guid.NewGuid()}"),
            await bob.Get("/api/v1/credits/purchase/1"),
        };

        Assert.Equal("completed", own.Text("status"));
        Assert.Equal(500, own.Json.GetProperty("priceEuroCents").GetInt64());
        Assert.Single(refused.Select(reply => $"{reply.Expect(404).Code} {reply.Text("message")}").Distinct());
        Assert.Equal("Purchase not found", refused[0].Text("message"));
        Assert.Equal("[]", (await bob.Get(Purchases)).Expect(200).Body);
    }

    private async Task<Guid> Bought(Person person, string status, int minutesAgo)
    {
        var (id, at) = (Guid.NewGuid(), house.Clock.GetUtcNow().AddMinutes(-minutesAgo).UtcDateTime);
        await house.Database.Tamper(
            """
            insert into credits.purchases (user_id, id, package_id, credits, price_euro_cents, status, created_at, completed_at)
            select $1, $2, id, credits, price_euro_cents, $3::credits.transaction_status, $4,
                case when $3 = 'completed' then $4 end
            from credits.packages
            where credits = 500
            """,
            person.Id,
            id,
            status,
            at
        );

        return id;
    }

    private static Guid Id(System.Text.Json.JsonElement row) => row.GetProperty("id").GetGuid();
}
