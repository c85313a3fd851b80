using Mana.Specs.World;

namespace Mana.Specs.Credits;

/// <summary>CRD-08 and CRD-11: never more than the charge, once per key, back to where it came from.</summary>
public sealed class Refunding_credits(House house) : IClassFixture<House>
{
    [Fact]
    public async Task CRD_08_a_refund_restores_the_split_of_free_and_paid()
    {
        var alice = await house.Person("alice");
        (await alice.Use(120)).Expect(200);
        (await house.Service().Grant(alice, 100, "paid")).Expect(200);
        var charge = Id((await alice.Use(50)).Expect(200));
        Assert.Equal((0, 80), await Split(alice));

        (await house.Service().Refund(alice, charge, 50)).Expect(200);

        Assert.Equal((30, 100), await Split(alice));
        await house.BooksBalance();
    }

    [Fact]
    public async Task CRD_08_daily_credits_in_between_stand_in_the_history_and_leave_the_split_as_it_was()
    {
        var alice = await house.Person("alice");
        (await alice.Use(120)).Expect(200);
        (await house.Service().Grant(alice, 100, "paid")).Expect(200);
        for (var day = 1; day <= 2; day++)
        {
            var charge = Id((await alice.Use(50)).Expect(200));
            house.Clock.Move(TimeSpan.FromHours(24));
            await alice.Login();

            (await house.Service().Refund(alice, charge, 50)).Expect(200);

            Assert.Equal((30 + 5 * day, 100), await Split(alice));
        }

        var rows = (await alice.Get("/api/v1/credits/transactions")).Expect(200).Json.EnumerateArray().ToArray();
        Assert.Equal([50, 5, -50, 50, 5, -50, 100, -120, 150], rows.Select(row => row.GetProperty("amount").GetInt64()));
        Assert.All(
            rows.Zip(rows.Skip(1)),
            pair => Assert.Equal(pair.Second.GetProperty("balanceAfter").GetInt64(), pair.First.GetProperty("balanceBefore").GetInt64())
        );
        await house.BooksBalance();
    }

    [Fact]
    public async Task What_was_spent_last_comes_back_first()
    {
        var alice = await house.Person("alice");
        (await alice.Use(120)).Expect(200);
        (await house.Service().Grant(alice, 100, "paid")).Expect(200);
        var charge = Id(await alice.Use(50));

        (await house.Service().Refund(alice, charge, 15)).Expect(200);
        Assert.Equal((0, 95), await Split(alice));
        (await house.Service().Refund(alice, charge, 15)).Expect(200);
        Assert.Equal((10, 100), await Split(alice));
        await house.BooksBalance();
    }

    [Fact]
    public async Task CRD_11_more_than_the_charge_is_never_given_back()
    {
        var alice = await house.Person("alice");
        var charge = Id(await alice.Use(50));
        (await house.Service().Refund(alice, charge, 51)).Expect(400, "REFUND_EXCEEDS_CHARGE");

        var replies = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => house.Service().Refund(alice, charge, 20)));

        Assert.Equal(2, replies.Count(reply => reply.Status == 200));
        Assert.All(replies.Where(reply => reply.Status != 200), reply => reply.Expect(400, "REFUND_EXCEEDS_CHARGE"));
        Assert.Equal(140, await alice.Balance());
        (await house.Service().Refund(alice, charge, 10)).Expect(200);
        await house.BooksBalance();
    }

    [Fact]
    public async Task One_key_refunds_once()
    {
        var alice = await house.Person("alice");
        var charge = Id(await alice.Use(50));

        var replies = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => house.Service().Refund(alice, charge, 20, "once")));

        Assert.Single(replies.Select(reply => reply.Expect(200).Json.GetProperty("transaction").GetRawText()).Distinct());
        Assert.Equal(120, await alice.Balance());
        (await house.Service().Refund(alice, charge, 21, "once")).Expect(409, "IDEMPOTENCY_KEY_MISMATCH");
    }

    [Fact]
    public async Task CRD_11_only_ones_own_spending_is_refunded_and_no_refund_is()
    {
        var alice = await house.Person("alice");
        var bob = await house.Person("bob");
        var charge = Id(await alice.Use(50));
        (await house.Service().Refund(bob, charge, 10)).Expect(404, "NOT_FOUND");

        var refund = Id((await house.Service().Refund(alice, charge, 10)).Expect(200));

        (await house.Service().Refund(alice, refund, 10)).Expect(400, "NOT_REFUNDABLE");
        (await house.Service().Refund(alice, charge, 10, "refund:mine")).Expect(400, "VALIDATION");
    }

    [Fact]
    public async Task A_committed_reservation_is_refunded_like_a_spending()
    {
        var alice = await house.Person("alice");
        var reservation = (await house.Service().Reserve(alice, 60)).Text("reservationId");
        var charge = (await house.Service().Commit(reservation, 40)).Text("transactionId");

        (await house.Service().Refund(alice, charge, 41)).Expect(400, "REFUND_EXCEEDS_CHARGE");
        (await house.Service().Refund(alice, charge, 40)).Expect(200);

        Assert.Equal(150, await alice.Balance());
        await house.BooksBalance();
    }

    [Fact]
    public async Task A_refund_to_a_lot_that_expired_meanwhile_lives_seven_days_more()
    {
        var alice = await house.Person("alice");
        var expiry = house.Clock.GetUtcNow() + TimeSpan.FromDays(1);
        (await house.Service().Grant(alice, 40, "short", free: true, expiresAt: expiry)).Expect(200);
        var charge = Id(await alice.Use(40));
        house.Clock.Move(TimeSpan.FromDays(2));

        (await house.Service().Refund(alice, charge, 40)).Expect(200);

        await alice.Login();
        Assert.Equal(195, await alice.Balance());
        house.Clock.Move(TimeSpan.FromDays(7));
        await alice.Login();
        Assert.Equal(160, await alice.Balance());
        await house.BooksBalance();
    }

    private static string Id(Reply reply) => reply.Json.GetProperty("transaction").GetProperty("id").GetString()!;

    private static async Task<(long Free, long Paid)> Split(Person person)
    {
        var balance = (await person.Get("/api/v1/credits/balance")).Expect(200).Json;

        return (balance.GetProperty("freeCreditsRemaining").GetInt64(), balance.GetProperty("balance").GetInt64());
    }
}
