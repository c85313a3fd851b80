using Mana.Specs.World;

namespace Mana.Specs.Credits;

/// <summary>Ruling 17, B-71, CRD-04 to CRD-06.</summary>
public sealed class Using_one_key_twice(House house) : IClassFixture<House>
{
    [Fact]
    public async Task CRD_04_the_same_terms_answer_the_same_transaction_to_the_byte()
    {
        var alice = await house.Person("alice");
        var first = (await alice.Use(10, key: "k")).Expect(200);

        var second = (await alice.Use(10, key: "k")).Expect(200);

        Assert.Null(first.Header("Idempotency-Hit"));
        Assert.Equal("true", second.Header("Idempotency-Hit"));
        Assert.Equal("Transaction already processed", second.Text("message"));
        Assert.Equal(first.Json.GetProperty("transaction").GetRawText(), second.Json.GetProperty("transaction").GetRawText());
        Assert.Equal(140, await alice.Balance());
    }

    [Fact]
    public async Task CRD_05_other_terms_are_409_and_move_nothing()
    {
        var alice = await house.Person("alice");
        (await alice.Use(10, key: "k")).Expect(200);

        (await alice.Use(11, key: "k")).Expect(409, "IDEMPOTENCY_KEY_MISMATCH");
        (await alice.Use(10, key: "k", appId: "picture")).Expect(409, "IDEMPOTENCY_KEY_MISMATCH");

        Assert.Equal(140, await alice.Balance());
    }

    [Fact]
    public async Task CRD_06_two_people_may_use_the_same_key()
    {
        var (alice, bob) = (await house.Person("alice"), await house.Person("bob"));

        var first = (await alice.Use(10, key: "k")).Expect(200);
        var second = (await bob.Use(20, key: "k")).Expect(200);

        Assert.Equal(alice.Id, first.Json.GetProperty("transaction").GetProperty("userId").GetString());
        Assert.Equal(bob.Id, second.Json.GetProperty("transaction").GetProperty("userId").GetString());
        Assert.Null(second.Header("Idempotency-Hit"));
    }

    [Fact]
    public async Task Two_people_may_reserve_with_the_same_key()
    {
        var (alice, bob) = (await house.Person("alice"), await house.Person("bob"));
        var research = new OtherService(house, "research");

        var first = (await research.Reserve(alice, 10, idempotencyKey: "r")).Expect(200);
        var second = (await research.Reserve(bob, 10, idempotencyKey: "r")).Expect(200);

        Assert.NotEqual(first.Text("reservationId"), second.Text("reservationId"));
        Assert.Equal(140, await alice.Balance());
        Assert.Equal(140, await bob.Balance());
    }

    [Fact]
    public async Task CRD_07_a_refused_use_keeps_no_key()
    {
        var alice = await house.Person("alice");
        (await alice.Use(151, key: "k")).Expect(402, "INSUFFICIENT_CREDITS");

        (await alice.Use(150, key: "k")).Expect(200);
    }

    [Fact]
    public async Task A_refused_use_says_what_was_asked_and_what_there_is()
    {
        var alice = await house.Person("alice");

        var details = (await alice.Use(151)).Expect(402, "INSUFFICIENT_CREDITS").Json.GetProperty("details");

        Assert.Equal(151, details.GetProperty("required").GetInt64());
        Assert.Equal(150, details.GetProperty("available").GetInt64());
    }
}
