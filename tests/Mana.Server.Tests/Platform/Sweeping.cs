using Mana.Platform.Http;
using Mana.Security;
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
    public async Task Announced_revocations_go_an_hour_before_the_newest_whatever_an_instance_believes_the_time_to_be()
    {
        await house.Database.Tamper(
            "insert into auth.revocations (subject, at) select 's.' || minutes, now() - minutes * interval '1 minute' from unnest(array[0, 59, 61]) minutes"
        );
        house.Clock.Move(TimeSpan.FromHours(3));

        await house.Services.GetRequiredService<SweepRevocations>().Run(CancellationToken.None);

        Assert.Equal(0, await house.Database.Read<long>("select count(*) from auth.revocations where subject = 's.61'"));
        Assert.Equal(2, await house.Database.Read<long>("select count(*) from auth.revocations where subject in ('s.0', 's.59')"));
    }

    [Fact]
    public async Task Tries_go_after_an_hour()
    {
        var now = house.Clock.GetUtcNow().UtcDateTime;
        await house.Database.Tamper(
            """
            insert into auth.login_attempts (id, email, method, ip_address, attempted_at)
            values (gen_random_uuid(), 'old', 'password', '', $1), (gen_random_uuid(), 'new', 'password', '', $2)
            """,
            now.AddMinutes(-61),
            now.AddMinutes(-59)
        );

        await house.Services.GetRequiredService<SweepAttempts>().Run(CancellationToken.None);

        Assert.Equal("new", await house.Database.Read<string>("select string_agg(email, ' ') from auth.login_attempts"));
    }

    [Fact]
    public async Task Windows_of_limits_go_when_they_are_over()
    {
        var now = house.Clock.GetUtcNow().UtcDateTime;
        await house.Database.Tamper(
            "insert into auth.rate_limits (key, count, since, expires_at) values ('old', 1, $1, $1), ('new', 1, $1, $2)",
            now.AddSeconds(-1),
            now.AddSeconds(1)
        );

        await house.Services.GetRequiredService<SweepRateLimits>().Run(CancellationToken.None);

        Assert.Equal("new", await house.Database.Read<string>("select string_agg(key, ' ') from auth.rate_limits"));
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
