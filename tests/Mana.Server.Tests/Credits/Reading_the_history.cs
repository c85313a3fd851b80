using Mana.Specs.World;

namespace Mana.Specs.Credits;

public sealed class Reading_the_history(House house) : IClassFixture<House>
{
    [Fact]
    public async Task It_is_newest_first_and_every_row_begins_where_the_one_before_ended()
    {
        var alice = await house.Person("alice");
        for (var amount = 1; amount <= 5; amount++)
        {
            (await alice.Use(amount)).Expect(200);
        }

        var reply = (await alice.Get("/api/v1/credits/transactions")).Expect(200);
        var rows = reply.Json.EnumerateArray().ToArray();

        Assert.Equal("6", reply.Header("X-Total-Count"));
        Assert.Equal([-5, -4, -3, -2, -1, 150], rows.Select(row => row.GetProperty("amount").GetInt64()));
        foreach (var (newer, older) in rows.Zip(rows.Skip(1)))
        {
            Assert.Equal(older.GetProperty("balanceAfter").GetInt64(), newer.GetProperty("balanceBefore").GetInt64());
        }
    }

    [Fact]
    public async Task Pages_by_offset_and_by_the_last_row_seen_agree()
    {
        var alice = await house.Person("alice");
        for (var amount = 1; amount <= 6; amount++)
        {
            (await alice.Use(amount)).Expect(200);
        }

        var first = (await alice.Get("/api/v1/credits/transactions?limit=3")).Expect(200).Json.EnumerateArray().ToArray();
        var byOffset = (await alice.Get("/api/v1/credits/transactions?limit=3&offset=3")).Expect(200);
        var before = first[^1].GetProperty("id").GetString();
        var byRow = (await alice.Get($"/api/v1/credits/transactions?limit=3&before={before}")).Expect(200);

        Assert.Equal(3, first.Length);
        Assert.Equal(byOffset.Body, byRow.Body);
    }

    [Fact]
    public async Task It_can_be_narrowed_to_an_app_or_a_kind_and_then_names_no_total()
    {
        var alice = await house.Person("alice");
        await alice.Use(1, appId: "chat");
        await alice.Use(2, appId: "picture");

        var byApp = (await alice.Get("/api/v1/credits/transactions?appId=picture")).Expect(200);
        var byType = (await alice.Get("/api/v1/credits/transactions?type=bonus")).Expect(200);

        Assert.Equal(-2, Assert.Single(byApp.Json.EnumerateArray().ToArray()).GetProperty("amount").GetInt64());
        Assert.Equal(150, Assert.Single(byType.Json.EnumerateArray().ToArray()).GetProperty("amount").GetInt64());
        Assert.Null(byApp.Header("X-Total-Count"));
    }

    [Fact]
    public async Task Somebody_elses_row_as_the_last_one_seen_shows_nothing()
    {
        var (alice, bob) = (await house.Person("alice"), await house.Person("bob"));
        var foreign = (await bob.Use(1)).Json.GetProperty("transaction").GetProperty("id").GetString();

        Assert.Equal("[]", (await alice.Get($"/api/v1/credits/transactions?before={foreign}")).Expect(200).Body);
    }
}
