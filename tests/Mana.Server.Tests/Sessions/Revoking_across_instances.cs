using Mana.Platform.Database;
using Mana.Specs.World;
using Microsoft.Extensions.DependencyInjection;

namespace Mana.Specs.Sessions;

/// <summary>D4, ruling 5: what one instance revokes every other refuses within a second.</summary>
public sealed class Revoking_across_instances(House house) : IClassFixture<House>
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task A_session_ended_elsewhere_is_refused_within_a_second_by_token_and_by_cookie()
    {
        var alice = house.Stranger("alice");
        await alice.Register("Alice");
        var browser = house.Nobody();
        browser.Cookies = (await alice.Login()).CookieHeader();
        await WarmUp(alice, browser);

        await house.Database.Tamper(
            "update auth.sessions set revoked_at = now(), revoked_reason = 'elsewhere' where user_id = $1",
            alice.Id
        );
        await Task.Delay(Second);

        (await alice.Get("/api/v1/credits/balance")).Expect(401);
        Assert.Equal("null", (await browser.Get("/api/auth/get-session")).Expect(200).Body);
    }

    [Theory]
    [InlineData("update auth.users set role = 'admin' where id = $1")]
    [InlineData("update auth.users set banned_at = now() where id = $1")]
    [InlineData("update auth.users set deleted_at = now() where id = $1")]
    [InlineData("delete from auth.users where id = $1")]
    public async Task A_person_changed_elsewhere_loses_access_tokens_within_a_second(string change)
    {
        var alice = await house.Person("alice");
        (await alice.Get("/api/v1/credits/balance")).Expect(200);

        await house.Database.Tamper(change, alice.Id);
        await Task.Delay(Second);

        (await alice.Get("/api/v1/credits/balance")).Expect(401);
    }

    [Fact]
    public async Task A_session_stays_when_only_the_role_changed_and_shows_the_new_one()
    {
        var alice = house.Stranger("alice");
        await alice.Register("Alice");
        var browser = house.Nobody();
        browser.Cookies = (await alice.Login()).CookieHeader();
        await WarmUp(alice, browser);

        await house.Database.Tamper("update auth.users set name = 'Alice the Second', role = 'admin' where id = $1", alice.Id);
        await Task.Delay(Second);

        var reply = (await browser.Get("/api/auth/get-session")).Expect(200);
        Assert.Equal("Alice the Second", reply.Json.GetProperty("user").GetProperty("name").GetString());
        var token = (await browser.Get("/api/auth/token")).Expect(200).Text("token");
        var validation = (await house.Nobody().Post("/api/v1/auth/validate", new { token })).Expect(200);
        Assert.Equal("admin", validation.Json.GetProperty("payload").GetProperty("role").GetString());
    }

    [Fact]
    public async Task While_the_listener_is_cut_off_checks_ask_the_database_and_afterwards_memory_has_caught_up()
    {
        var (alice, bob) = (await house.Person("alice"), await house.Person("bob"));
        (await alice.Get("/api/v1/credits/balance")).Expect(200);
        var feed = house.Services.GetRequiredService<Feed>();

        await house.Database.Tamper(
            "update auth.sessions set revoked_at = now(), revoked_reason = 'elsewhere' where user_id = $1",
            alice.Id
        );
        await house.Database.Tamper(
            "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'mana-core-auth feed' and datname = current_database()"
        );
        await Task.Delay(Second);
        (await alice.Get("/api/v1/credits/balance")).Expect(401);

        var end = DateTime.UtcNow.AddSeconds(5);
        while (!feed.IsTrusted)
        {
            Assert.True(DateTime.UtcNow < end, "the feed did not come back");
            await Task.Delay(20);
        }

        (await alice.Get("/api/v1/credits/balance")).Expect(401);
        (await bob.Get("/api/v1/credits/balance")).Expect(200);
    }

    [Fact]
    public async Task A_warm_token_and_a_warm_session_ask_the_database_nothing()
    {
        var alice = house.Stranger("alice");
        await alice.Register("Alice");
        var browser = house.Nobody();
        browser.Cookies = (await alice.Login()).CookieHeader();
        await WarmUp(alice, browser);
        await house.Database.Tamper("alter table auth.sessions rename to sessions_away");
        try
        {
            for (var times = 0; times < 20; times++)
            {
                (await house.Nobody().Post("/api/v1/auth/validate", new { token = alice.AccessToken })).Expect(200);
                (await browser.Get("/api/auth/get-session")).Expect(200);
            }
        }
        finally
        {
            await house.Database.Tamper("alter table auth.sessions_away rename to sessions");
        }
    }

    private async Task WarmUp(Person alice, Person browser)
    {
        var feed = house.Services.GetRequiredService<Feed>();
        var end = DateTime.UtcNow.AddSeconds(5);
        while (!feed.IsTrusted)
        {
            Assert.True(DateTime.UtcNow < end, "the feed is not trusted");
            await Task.Delay(20);
        }

        (await alice.Get("/api/v1/credits/balance")).Expect(200);
        Assert.NotEqual("null", (await browser.Get("/api/auth/get-session")).Expect(200).Body);
    }
}
