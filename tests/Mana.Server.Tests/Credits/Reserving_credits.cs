using Mana.Credits;
using Mana.Specs.World;
using Microsoft.Extensions.DependencyInjection;

namespace Mana.Specs.Credits;

/// <summary>CRD-10 and ruling 18b: a hold ends once, and nothing is held for ever.</summary>
public sealed class Reserving_credits(House house) : IClassFixture<House>
{
    [Fact]
    public async Task What_is_reserved_cannot_be_spent_and_what_is_committed_is_gone()
    {
        var alice = await house.Person("alice");
        var reserved = (await house.Service().Reserve(alice, 100)).Expect(200);

        Assert.Equal(50, reserved.Json.GetProperty("balance").GetInt64());
        (await alice.Use(51)).Expect(402, "INSUFFICIENT_CREDITS");

        var committed = (await house.Service().Commit(reserved.Text("reservationId"))).Expect(200);
        Assert.Equal(50, committed.Json.GetProperty("balance").GetInt64());
        Assert.Equal(50, await alice.Balance());
        await house.BooksBalance();
    }

    [Fact]
    public async Task What_is_not_committed_comes_back()
    {
        var alice = await house.Person("alice");
        var id = (await house.Service().Reserve(alice, 100)).Text("reservationId");

        var committed = (await house.Service().Commit(id, 30)).Expect(200);

        Assert.Equal(30, committed.Json.GetProperty("committed").GetInt64());
        Assert.Equal(120, await alice.Balance());
        await house.BooksBalance();
    }

    [Fact]
    public async Task More_than_was_reserved_is_not_committed()
    {
        var alice = await house.Person("alice");
        var id = (await house.Service().Reserve(alice, 10)).Text("reservationId");

        (await house.Service().Commit(id, 11)).Expect(400, "COMMIT_EXCEEDS_RESERVATION");
        (await house.Service().Commit(id, 10)).Expect(200);
    }

    [Fact]
    public async Task CRD_10_twenty_parallel_commits_take_the_credits_once_and_answer_alike()
    {
        var alice = await house.Person("alice");
        var id = (await house.Service().Reserve(alice, 40)).Text("reservationId");

        var replies = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => house.Service().Commit(id)));

        Assert.All(replies, reply => reply.Expect(200));
        Assert.Single(replies.Select(reply => reply.Text("transactionId")).Distinct());
        Assert.Equal(110, await alice.Balance());
        await house.BooksBalance();
    }

    [Fact]
    public async Task CRD_10_of_a_racing_commit_and_release_exactly_one_wins()
    {
        var alice = await house.Person("alice");
        for (var round = 0; round < 50; round++)
        {
            var before = await alice.Balance();
            var id = (await house.Service().Reserve(alice, 2)).Text("reservationId");

            var replies = await Task.WhenAll(house.Service().Commit(id), house.Service().Release(id));

            Assert.Equal([200, 400], replies.Select(reply => reply.Status).Order());
            Assert.Equal(replies[0].Status == 200 ? before - 2 : before, await alice.Balance());
        }

        await house.BooksBalance();
    }

    [Fact]
    public async Task CRD_10_an_expired_reservation_cannot_be_committed_and_its_credits_come_back_once()
    {
        var alice = await house.Person("alice");
        var id = (await house.Service().Reserve(alice, 100, ttlSeconds: 60)).Text("reservationId");
        house.Clock.Move(TimeSpan.FromSeconds(60));

        var refused = (await house.Service().Commit(id)).Expect(400, "RESERVATION_ENDED");

        Assert.Contains("expired", refused.Text("message"), StringComparison.Ordinal);
        Assert.Equal(150, await alice.Balance());
        Assert.Equal(150, await alice.Balance());
        (await house.Service().Release(id)).Expect(400, "RESERVATION_ENDED");
        await house.BooksBalance();
    }

    [Fact]
    public async Task CRD_10_two_instances_that_post_what_has_expired_at_once_give_every_hold_back_once()
    {
        await using var neighbour = await house.OpenNeighbour();
        var people = await Task.WhenAll(Enumerable.Range(0, 6).Select(number => house.Person($"p{number}")));
        foreach (var person in people.SelectMany(person => Enumerable.Repeat(person, 3)))
        {
            (await house.Service().Reserve(person, 10, ttlSeconds: 60)).Expect(200);
        }

        house.Clock.Move(TimeSpan.FromSeconds(61));

        await Task.WhenAll(
            Enumerable
                .Range(0, 8)
                .Select(number => number % 2 == 0 ? house.Services : neighbour.Services)
                .Select(services => services.GetRequiredService<ExpireCredits>().Run(CancellationToken.None))
        );

        foreach (var person in people)
        {
            Assert.Equal(
                "150 0 7",
                await house.Database.Read<string>(
                    "select concat_ws(' ', free, held, version) from credits.accounts where owner_id = $1",
                    person.Id
                )
            );
        }

        await house.BooksBalance();
    }

    [Fact]
    public async Task CRD_10_one_key_reserves_once_and_other_terms_are_refused()
    {
        var alice = await house.Person("alice");

        var replies = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => house.Service().Reserve(alice, 10, "once")));

        Assert.Single(replies.Select(reply => reply.Expect(200).Text("reservationId")).Distinct());
        Assert.Equal(140, await alice.Balance());
        (await house.Service().Reserve(alice, 11, "once")).Expect(409, "IDEMPOTENCY_KEY_MISMATCH");
    }

    [Fact]
    public async Task Nobody_keeps_more_than_a_hundred_reservations_open()
    {
        var alice = await house.Person("alice");
        for (var number = 0; number < 100; number++)
        {
            (await house.Service().Reserve(alice, 1)).Expect(200);
        }

        (await house.Service().Reserve(alice, 1)).Expect(409, "TOO_MANY_RESERVATIONS");
    }

    [Fact]
    public async Task A_reservation_nobody_made_is_not_found() =>
        (await house.Service().Commit("00000000-0000-7000-8000-000000000000")).Expect(404, "NOT_FOUND");
}
