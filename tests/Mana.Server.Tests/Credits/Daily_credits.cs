using Mana.Specs.World;

namespace Mana.Specs.Credits;

/// <summary>Ruling 15 and B-69: five credits per 24-hour window, on reading or on use, without catching up.</summary>
public sealed class Daily_credits(House house) : IClassFixture<House>
{
    [Fact]
    public async Task They_come_a_day_after_signing_up_and_not_on_the_first_day()
    {
        var alice = await house.Person("alice");
        house.Clock.Move(TimeSpan.FromHours(24) - TimeSpan.FromSeconds(1));
        await alice.Login();
        Assert.Equal(150, await alice.Balance());

        house.Clock.Move(TimeSpan.FromSeconds(1));
        Assert.Equal(155, await alice.Balance());
        Assert.Equal(155, await alice.Balance());
    }

    [Fact]
    public async Task Missed_days_are_not_caught_up_and_the_window_does_not_drift()
    {
        var alice = await house.Person("alice");
        var signedUp = house.Clock.GetUtcNow();
        house.Clock.Move(TimeSpan.FromHours(75));
        await alice.Login();

        Assert.Equal(155, await alice.Balance());

        var next = (await alice.Get("/api/v1/credits/balance")).Json.GetProperty("nextDailyGrantAt").GetDateTimeOffset();
        Assert.Equal(96, Math.Round((next - signedUp).TotalHours, 1));
    }

    [Fact]
    public async Task Twenty_parallel_readers_and_spenders_grant_them_once()
    {
        var alice = await house.Person("alice");
        house.Clock.Move(TimeSpan.FromHours(25));
        await alice.Login();

        await Task.WhenAll(Enumerable.Range(0, 20).Select(number => number % 2 == 0 ? alice.Get("/api/v1/credits/balance") : alice.Use(1)));

        Assert.Equal(145, await alice.Balance());
        Assert.Equal(
            1,
            await house.Database.Read<long>(
                "select count(*) from credits.transactions where owner_id = $1 and description = 'Daily free credits'",
                alice.Id
            )
        );
    }

    [Fact]
    public async Task They_are_granted_before_a_use_that_needs_them()
    {
        var alice = await house.Person("alice");
        (await alice.Use(150)).Expect(200);
        (await alice.Use(5)).Expect(402, "INSUFFICIENT_CREDITS");
        house.Clock.Move(TimeSpan.FromHours(24));
        await alice.Login();

        (await alice.Use(5)).Expect(200);

        Assert.Equal(0, await alice.Balance());
    }
}
