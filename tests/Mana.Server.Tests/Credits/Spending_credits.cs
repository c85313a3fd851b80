using Mana.Specs.World;

namespace Mana.Specs.Credits;

public sealed class Spending_credits(House house) : IClassFixture<House>
{
    [Fact]
    public async Task Fifty_parallel_uses_of_ten_against_one_hundred_and_fifty_succeed_exactly_fifteen_times()
    {
        var alice = await house.Person("alice");

        var replies = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => alice.Use(10)));

        Assert.Equal(15, replies.Count(reply => reply.Status == 200));
        Assert.All(replies.Where(reply => reply.Status != 200), reply => reply.Expect(402, "INSUFFICIENT_CREDITS"));
        Assert.Equal(0, await alice.Balance());
    }

    [Fact]
    public async Task CRD_04_thirty_parallel_twins_of_one_key_charge_once_and_answer_alike()
    {
        var alice = await house.Person("alice");

        var replies = await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => alice.Use(10, key: "twin")));

        Assert.All(replies, reply => reply.Expect(200));
        Assert.Single(replies.Select(reply => reply.Json.GetProperty("transaction").GetRawText()).Distinct());
        Assert.Equal(29, replies.Count(reply => reply.Header("Idempotency-Hit") == "true"));
        Assert.Equal(140, await alice.Balance());
    }
}
