using Mana.Specs.World;

namespace Mana.Specs.Credits;

/// <summary>CRD-12 and ruling 18b: once per reference; what expires or has a priority goes in its order, and expires without a caller.</summary>
public sealed class Granting_credits(House house) : IClassFixture<House>
{
    [Fact]
    public async Task CRD_12_twenty_parallel_grants_of_one_reference_give_once()
    {
        var alice = await house.Person("alice");
        var bob = await house.Person("bob");

        var replies = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => house.Service().Grant(alice, 100, "voucher-7")));

        Assert.All(replies, reply => reply.Expect(200));
        Assert.Equal(1, replies.Count(reply => !reply.Json.GetProperty("alreadyGranted").GetBoolean()));
        Assert.Equal(250, await alice.Balance());
        (await house.Service().Grant(alice, 101, "voucher-7")).Expect(409, "IDEMPOTENCY_KEY_MISMATCH");
        Assert.False((await house.Service().Grant(bob, 100, "voucher-7")).Expect(200).Json.GetProperty("alreadyGranted").GetBoolean());
        await house.BooksBalance();
    }

    [Fact]
    public async Task What_expires_first_is_spent_first_and_free_before_paid()
    {
        var alice = await house.Person("alice");
        (await alice.Use(150)).Expect(200);
        var now = house.Clock.GetUtcNow();
        (await house.Service().Grant(alice, 10, "plain")).Expect(200);
        (await house.Service().Grant(alice, 10, "late", expiresAt: now.AddDays(9))).Expect(200);
        (await house.Service().Grant(alice, 10, "soon", expiresAt: now.AddDays(3))).Expect(200);
        (await house.Service().Grant(alice, 10, "urgent", priority: 1)).Expect(200);
        (await house.Service().Grant(alice, 10, "free", free: true, expiresAt: now.AddDays(20))).Expect(200);

        (await alice.Use(25)).Expect(200);

        Assert.Equal(["free:0", "paid:0", "paid:5", "paid:10"], (await Lots(alice)).Select(lot => $"{lot.Bucket}:{lot.Remaining}"));
        await house.BooksBalance();
    }

    [Fact]
    public async Task Each_lot_expires_at_its_own_instant_whoever_comes_when()
    {
        var alice = await house.Person("alice");
        var now = house.Clock.GetUtcNow();
        (await house.Service().Grant(alice, 30, "first", expiresAt: now.AddHours(2))).Expect(200);
        (await house.Service().Grant(alice, 40, "second", expiresAt: now.AddHours(5))).Expect(200);
        house.Clock.Move(TimeSpan.FromHours(10));
        await alice.Login();

        Assert.Equal(150, await alice.Balance());

        var rows = (await alice.Get("/api/v1/credits/transactions?type=expiry")).Expect(200).Json.EnumerateArray().ToArray();
        Assert.Equal([-40, -30], rows.Select(row => row.GetProperty("amount").GetInt64()));
        Assert.Equal(
            [now.AddHours(5), now.AddHours(2)],
            rows.Select(row => row.GetProperty("createdAt").GetDateTimeOffset()),
            (expected, actual) => (expected - actual).Duration() < TimeSpan.FromMilliseconds(1)
        );
        await house.BooksBalance();
    }

    [Fact]
    public async Task An_expired_lot_cannot_be_spent_before_it_is_swept()
    {
        var alice = await house.Person("alice");
        (await house.Service().Grant(alice, 30, "short", expiresAt: house.Clock.GetUtcNow().AddMinutes(1))).Expect(200);
        house.Clock.Move(TimeSpan.FromSeconds(61));

        (await alice.Use(151)).Expect(402, "INSUFFICIENT_CREDITS");
        (await alice.Use(150)).Expect(200);
        await house.BooksBalance();
    }

    [Fact]
    public async Task A_lot_that_expired_while_it_was_held_goes_when_the_hold_ends()
    {
        var alice = await house.Person("alice");
        (await alice.Use(150)).Expect(200);
        (await house.Service().Grant(alice, 30, "short", expiresAt: house.Clock.GetUtcNow().AddMinutes(1))).Expect(200);
        var id = (await house.Service().Reserve(alice, 20)).Text("reservationId");
        house.Clock.Move(TimeSpan.FromMinutes(2));
        Assert.Equal(0, await alice.Balance());

        (await house.Service().Commit(id, 5)).Expect(200);

        Assert.Equal(0, await alice.Balance());
        await house.BooksBalance();
    }

    [Fact]
    public async Task Nobody_has_more_than_a_hundred_open_lots()
    {
        var alice = await house.Person("alice");
        for (var number = 0; number < 100; number++)
        {
            (await house.Service().Grant(alice, 1, $"lot-{number}", priority: number)).Expect(200);
        }

        (await house.Service().Grant(alice, 1, "one-too-many", priority: 1)).Expect(409, "TOO_MANY_LOTS");
        (await house.Service().Grant(alice, 1, "plain")).Expect(200);
        (await alice.Use(251)).Expect(200);
        await house.BooksBalance();
    }

    [Fact]
    public async Task A_grant_that_has_expired_is_refused() =>
        (await house.Service().Grant(await house.Person("alice"), 1, "late", expiresAt: house.Clock.GetUtcNow().AddSeconds(-1))).Expect(
            400,
            "VALIDATION"
        );

    [Fact]
    public async Task A_grant_that_lives_longer_than_a_hundred_years_is_refused()
    {
        var (alice, now) = (await house.Person("alice"), house.Clock.GetUtcNow());

        (await house.Service().Grant(alice, 1, "for ever", expiresAt: DateTimeOffset.MaxValue)).Expect(400, "VALIDATION");
        (await house.Service().Grant(alice, 1, "long", expiresAt: now.AddYears(101))).Expect(400, "VALIDATION");
        (await house.Service().Grant(alice, 1, "shorter", expiresAt: now.AddYears(99))).Expect(200);

        await house.BooksBalance();
    }

    private async Task<List<(string Bucket, long Remaining)>> Lots(Person person)
    {
        await using var connection = await house.Database.AsAdmin();
        await using var command = new Npgsql.NpgsqlCommand(
            "select bucket, remaining from credits.lots where owner_id = $1 order by bucket, priority, expires_at, id",
            connection
        );
        command.Parameters.Add(new Npgsql.NpgsqlParameter { Value = person.Id });
        await using var reader = await command.ExecuteReaderAsync();
        var lots = new List<(string, long)>();
        while (await reader.ReadAsync())
        {
            lots.Add((reader.GetString(0), reader.GetInt64(1)));
        }

        return lots;
    }
}
