using Mana.Platform.Jobs;
using Mana.Specs.World;
using Microsoft.Extensions.DependencyInjection;

namespace Mana.Specs.Platform;

/// <summary>A house whose mail server is down.</summary>
public sealed class HouseWithoutMail : House
{
    protected override void Configure(Dictionary<string, string> environment) => environment["SMTP_PORT"] = "9";
}

public sealed class Running_jobs(HouseWithoutMail house) : IClassFixture<HouseWithoutMail>
{
    [Fact]
    public async Task A_mail_that_cannot_leave_is_tried_eight_times_and_then_parked_without_its_secret()
    {
        house.ExpectErrors();
        var alice = house.Stranger("alice");
        await alice.Register("Alice");
        var worker = house.Services.GetRequiredService<JobWorker>();

        for (var attempt = 0; attempt < 12; attempt++)
        {
            await WaitUntilNobodyWorks();
            house.Clock.Move(TimeSpan.FromHours(4));
            await worker.RunDue(CancellationToken.None);
        }

        await WaitUntilNobodyWorks();
        Assert.Equal(
            "8 true true",
            await house.Database.Read<string>(
                "select attempts || ' ' || (parked_at is not null) || ' ' || (sealed is null) from jobs.jobs where user_id = $1",
                alice.Id
            )
        );
    }

    private async Task WaitUntilNobodyWorks()
    {
        var end = DateTime.UtcNow.AddSeconds(20);
        while (
            await house.Database.Read<long>(
                "select count(*) from jobs.jobs where parked_at is null and leased_until is not null and leased_until > $1",
                house.Clock.GetUtcNow().UtcDateTime
            ) > 0
        )
        {
            Assert.True(DateTime.UtcNow < end, "a job is still being worked on");
            await Task.Delay(20);
        }
    }
}
