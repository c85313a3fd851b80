using System.Globalization;
using System.Text.Json;
using Mana.Specs.World;

namespace Mana.Specs.Credits;

/// <summary>What there was at an instant; what was due by then counts, whenever it was noticed.</summary>
public sealed class Reading_a_balance_of_the_past(House house) : IClassFixture<House>
{
    [Fact]
    public async Task Every_instant_shows_the_state_after_the_newest_movement_before_it()
    {
        var alice = await house.Person("alice");
        var opened = house.Clock.GetUtcNow();
        house.Clock.Move(TimeSpan.FromMinutes(1));
        (await house.Service().Grant(alice, 100, "paid")).Expect(200);
        house.Clock.Move(TimeSpan.FromMinutes(1));
        var charge = (await alice.Use(170)).Expect(200).Json.GetProperty("transaction").GetProperty("id").GetString()!;
        house.Clock.Move(TimeSpan.FromMinutes(1));
        (await house.Service().Refund(alice, charge, 30)).Expect(200);

        Assert.Equal("0 0 0 0", await At(alice, opened.AddSeconds(-1)));
        Assert.Equal("150 0 0 0", await At(alice, opened));
        Assert.Equal("150 0 0 0", await At(alice, opened.AddSeconds(59)));
        Assert.Equal("150 100 100 0", await At(alice, opened.AddMinutes(1)));
        Assert.Equal("0 80 100 170", await At(alice, opened.AddMinutes(2)));
        Assert.Equal("10 100 120 170", await At(alice, opened.AddMinutes(3)));
        Assert.Equal("10 100 120 170", await Now(alice));
    }

    [Fact]
    public async Task A_lot_and_a_hold_count_as_gone_from_their_own_instant_on_although_nobody_called()
    {
        var alice = await house.Person("alice");
        var opened = house.Clock.GetUtcNow();
        (await house.Service().Grant(alice, 40, "short", expiresAt: opened.AddHours(2))).Expect(200);
        (await house.Service().Reserve(alice, 60, ttlSeconds: 3600)).Expect(200);
        house.Clock.Move(TimeSpan.FromHours(5));
        await alice.Login();

        // Nothing has been posted yet: the first who asks about the past has it posted.
        Assert.Equal("90 40 40 0", await At(alice, opened.AddMinutes(59)));
        Assert.Equal("150 40 40 0", await At(alice, opened.AddMinutes(61)));
        Assert.Equal("150 0 40 0", await At(alice, opened.AddHours(2).AddMilliseconds(1)));
        Assert.Equal("150 0 40 0", await At(alice, opened.AddHours(5)));
        await house.BooksBalance();
    }

    [Fact]
    public async Task Every_position_of_a_lively_history_agrees_with_what_was_answered_then()
    {
        var alice = await house.Person("alice");
        var said = new List<(DateTimeOffset At, string Balance)>();
        for (var step = 0; step < 30; step++)
        {
            house.Clock.Move(TimeSpan.FromMinutes(7));
            await Something(alice, step);
            await alice.Login();
            said.Add((house.Clock.GetUtcNow(), await Now(alice)));
        }

        foreach (var (at, balance) in said)
        {
            Assert.Equal(balance, await At(alice, at));
        }

        await house.BooksBalance();
    }

    [Theory]
    [InlineData("yesterday")]
    [InlineData("2026-01-01")]
    [InlineData("2026-01-01T10:00:00")]
    [InlineData("")]
    [InlineData("9999-12-31T23:59:59Z")]
    [InlineData("9999-12-31T23:59:59-14:00")]
    [InlineData("0001-01-01T00:00:00%2B14:00")]
    public async Task What_is_no_instant_of_the_past_is_refused(string at) =>
        (await (await house.Person("alice")).Get($"/api/v1/credits/balance?at={at}")).Expect(400, "VALIDATION");

    [Fact]
    public async Task Before_everything_there_was_nothing() =>
        Assert.Equal("0 0 0 0", await At(await house.Person("alice"), DateTimeOffset.MinValue));

    private async Task Something(Person alice, int step)
    {
        var reply = (step % 6) switch
        {
            0 => await house.Service().Grant(alice, 20, $"lot-{step}", expiresAt: house.Clock.GetUtcNow().AddMinutes(25)),
            1 => await alice.Use(7),
            2 => await house.Service().Reserve(alice, 9, ttlSeconds: 600),
            3 => await house.Service().Commit((await house.Service().Reserve(alice, 9)).Text("reservationId"), 4),
            4 => await house.Service().Grant(alice, 5, $"plain-{step}"),
            _ => await house.Service().Release((await house.Service().Reserve(alice, 11)).Text("reservationId")),
        };
        reply.Expect(200);
    }

    private static async Task<string> Now(Person person) => Told((await person.Get("/api/v1/credits/balance")).Expect(200).Json);

    private static async Task<string> At(Person person, DateTimeOffset at)
    {
        var text = at.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);
        var reply = (await person.Get($"/api/v1/credits/balance?at={text}")).Expect(200).Json;
        Assert.Equal(text, reply.GetProperty("asOf").GetString());

        return Told(reply);
    }

    /// <summary>Free, paid, ever earned, ever spent.</summary>
    private static string Told(JsonElement balance) =>
        string.Join(
            ' ',
            new[] { "freeCreditsRemaining", "balance", "totalEarned", "totalSpent" }.Select(name => balance.GetProperty(name))
        );
}
