using Mana.Emails;
using Mana.Sessions;
using Mana.Specs.World;
using Microsoft.Extensions.DependencyInjection;

namespace Mana.Specs.Platform;

public sealed class Sweeping(House house) : IClassFixture<House>
{
    [Fact]
    public async Task Mail_secrets_go_a_day_after_they_expired_and_sessions_thirty_days_after_they_ended()
    {
        var alice = await house.Person("alice");

        house.Clock.Move(TimeSpan.FromHours(47));
        Assert.Equal(0, await SweepMailSecrets());
        house.Clock.Move(TimeSpan.FromHours(2));
        Assert.True(await SweepMailSecrets() >= 1);
        Assert.Equal(0, await SweepSessions());
        house.Clock.Move(TimeSpan.FromDays(36));
        Assert.True(await SweepSessions() >= 1);

        Assert.Equal(0, await house.Database.Read<long>("select count(*) from auth.sessions where user_id = $1", alice.Id));
    }

    [Fact]
    public async Task Announced_revocations_go_after_an_hour()
    {
        var now = house.Clock.GetUtcNow().UtcDateTime;
        await house.Database.Tamper(
            "insert into auth.revocations (subject, at) values ('s.old', $1), ('s.new', $2)",
            now.AddMinutes(-61),
            now.AddMinutes(-59)
        );

        await house.Services.GetRequiredService<SweepRevocations>().Run(CancellationToken.None);

        Assert.Equal(0, await house.Database.Read<long>("select count(*) from auth.revocations where subject = 's.old'"));
        Assert.Equal(1, await house.Database.Read<long>("select count(*) from auth.revocations where subject = 's.new'"));
    }

    [Fact]
    public void Every_recurring_work_has_a_name_of_its_own_and_its_own_interval()
    {
        Assert.Equal(Schedule.All.Length, Schedule.All.Select(recurring => recurring.Name).Distinct().Count());
        Assert.Equal(Schedule.All.Length, Schedule.All.Select(recurring => recurring.Every).Distinct().Count());
    }

    private Task<int> SweepMailSecrets() => house.Services.GetRequiredService<SweepVerificationTokens>().Run(CancellationToken.None);

    private Task<int> SweepSessions() => house.Services.GetRequiredService<SweepSessions>().Run(CancellationToken.None);
}
