using Mana.Sessions;
using Mana.Specs.World;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Mana.Specs.Sessions;

/// <summary>SES-08: one person has a hundred live sessions and no more.</summary>
public sealed class Having_many_sessions(Having_many_sessions.FewSessions house) : IClassFixture<Having_many_sessions.FewSessions>
{
    private const int Most = 5;

    [Fact]
    public async Task SES_08_one_more_than_allowed_ends_the_one_unused_for_longest()
    {
        var alice = await house.Person("alice");
        var apps = new List<Person> { alice };
        for (var number = 1; number < Most; number++)
        {
            house.Clock.Move(TimeSpan.FromMinutes(1));
            apps.Add(await alice.InAnotherApp());
        }

        house.Clock.Move(TimeSpan.FromMinutes(1));
        var refreshed = (await alice.Send(HttpMethod.Post, "/api/v1/auth/refresh", Body(alice), ("Authorization", ""))).Expect(200);
        alice.AccessToken = refreshed.Text("accessToken");
        house.Clock.Move(TimeSpan.FromMinutes(1));
        var newest = await alice.InAnotherApp();

        (await alice.Get("/api/v1/credits/balance")).Expect(200); // the oldest, but used since
        (await apps[1].Get("/api/v1/credits/balance")).Expect(401);
        (await apps[2].Get("/api/v1/credits/balance")).Expect(200);
        (await newest.Get("/api/v1/credits/balance")).Expect(200);
        Assert.Equal(
            "evicted",
            await house.Database.Read<string>(
                "select metadata->>'reason' from auth.security_events where user_id = $1 and event_type = 'SESSION_REVOKED'",
                alice.Id
            )
        );
    }

    [Fact]
    public async Task SES_08_a_browser_in_use_is_not_the_one_unused_for_longest_and_the_list_says_when_it_was_used()
    {
        var alice = house.Stranger("alice");
        await alice.Register("Alice");
        var browser = await alice.InABrowser();
        var apps = new List<Person>();
        for (var number = 1; number < Most; number++)
        {
            house.Clock.Move(TimeSpan.FromMinutes(1));
            apps.Add(await alice.InAnotherApp());
        }

        house.Clock.Move(TimeSpan.FromMinutes(1));
        Assert.NotEqual("null", (await browser.Get("/api/auth/get-session")).Expect(200).Body);
        var used = house.Clock.GetUtcNow();
        house.Clock.Move(TimeSpan.FromMinutes(1));
        await house.Services.GetRequiredService<RecordActivity>().Run(TestContext.Current.CancellationToken);
        var newest = await alice.InAnotherApp();

        Assert.NotEqual("null", (await browser.Get("/api/auth/get-session")).Expect(200).Body);
        (await apps[0].Get("/api/v1/credits/balance")).Expect(401);
        var listed = (await newest.Get("/api/v1/auth/sessions")).Expect(200).Json.EnumerateArray().ToArray();
        Assert.Equal(used, listed[1].GetProperty("lastActivityAt").GetDateTimeOffset(), TimeSpan.FromMilliseconds(1));
    }

    [Fact]
    public async Task Thirty_sign_ins_at_once_leave_as_many_as_allowed()
    {
        var alice = await house.Person("alice");

        await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => alice.InAnotherApp()));

        Assert.Equal(Most, await Live(alice));
    }

    [Fact]
    public async Task Sessions_that_have_ended_or_expired_take_no_room()
    {
        var alice = await house.Person("alice");
        for (var number = 0; number < Most; number++)
        {
            (await (await alice.InAnotherApp()).Post("/api/v1/auth/logout")).Expect(200);
        }

        (await alice.Get("/api/v1/credits/balance")).Expect(200);
        house.Clock.Move(TimeSpan.FromDays(8));
        var later = await alice.InAnotherApp();
        for (var number = 1; number < Most; number++)
        {
            await alice.InAnotherApp();
        }

        (await later.Get("/api/v1/credits/balance")).Expect(200);
    }

    [Theory]
    [InlineData("banned_at")]
    [InlineData("deleted_at")]
    public async Task Nobody_gets_in_whose_account_is_shut_while_the_password_is_checked(string shut)
    {
        var alice = await house.Person("alice");
        await using var other = await house.Database.AsAdmin();
        await using var shutting = await other.BeginTransactionAsync();
        await using (var update = new NpgsqlCommand($"update auth.users set {shut} = now() where id = $1", other, shutting))
        {
            update.Parameters.AddWithValue(alice.Id);
            await update.ExecuteNonQueryAsync();
        }

        var entering = alice.Post("/api/v1/auth/login", new { email = alice.Email, password = alice.Password });
        await SomebodyWaitsForALock();
        await shutting.CommitAsync();

        (await entering).Expect(401, "INVALID_CREDENTIALS");
        Assert.Equal(1, await house.Database.Read<long>("select count(*) from auth.sessions where user_id = $1", alice.Id));
    }

    private async Task SomebodyWaitsForALock()
    {
        var end = DateTime.UtcNow.AddSeconds(10);
        while (
            await house.Database.Read<long>(
                "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"
            ) == 0
        )
        {
            Assert.True(DateTime.UtcNow < end, "nobody waits");
            await Task.Delay(20);
        }
    }

    private static System.Net.Http.Json.JsonContent Body(Person person) =>
        System.Net.Http.Json.JsonContent.Create(new { refreshToken = person.RefreshToken });

    private Task<long> Live(Person person) =>
        house.Database.Read<long>("select count(*) from auth.sessions where user_id = $1 and revoked_at is null", person.Id);

    public sealed class FewSessions : House
    {
        protected override void Configure(Dictionary<string, string> environment) =>
            environment["SESSIONS_PER_PERSON_MAX"] = Most.ToString(System.Globalization.CultureInfo.InvariantCulture);
    }
}
