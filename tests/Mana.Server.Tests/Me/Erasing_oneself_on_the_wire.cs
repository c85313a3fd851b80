using Mana.Specs.World;
using Npgsql;

namespace Mana.Specs.Me;

/// <summary>The wire's <c>delete-user</c> as the reference has it without a mail: by password, or within a fresh session.</summary>
public sealed class Erasing_oneself_on_the_wire(DirectHouse house) : IClassFixture<DirectHouse>
{
    [Fact]
    public async Task The_password_erases_at_once_however_old_the_session()
    {
        var (alice, browser) = await Alice();
        house.Clock.Move(TimeSpan.FromHours(25));

        Assert.Equal(
            """{"message":"Session expired. Re-authenticate to perform this action.","code":"SESSION_EXPIRED"}""",
            (await browser.Post("/api/auth/delete-user", new { })).Expect(400).Body
        );
        var reply = await browser.Post("/api/auth/delete-user", new { password = alice.Password, callbackURL = "/bye" });

        Assert.Equal("""{"success":true,"message":"User deleted"}""", reply.Expect(200).Body);
        Assert.Equal(
            ["mana.session_token", "mana.session_data", "mana.dont_remember"],
            reply.SetCookies.Select(cookie => cookie.Split('=')[0])
        );
        Assert.All(reply.SetCookies, cookie => Assert.Contains("=; Max-Age=0;", cookie, StringComparison.Ordinal));
        Assert.Equal(0, await Rows(alice));
    }

    [Fact]
    public async Task A_fresh_session_erases_without_a_password()
    {
        var (alice, browser) = await Alice();

        (await browser.Post("/api/auth/delete-user", new { password = "", token = "" })).Expect(200);

        Assert.Equal(0, await Rows(alice));
        Assert.Equal("null", (await browser.Get("/api/auth/get-session")).Expect(200).Body);
    }

    [Fact]
    public async Task GDP_01_erasing_may_take_longer_than_any_other_request()
    {
        var (alice, browser) = await Alice();
        await house.Database.Tamper(
            """
            create function public.dawdle() returns trigger language plpgsql as 'begin perform pg_sleep(5.2); return null; end';
            create trigger dawdle before update on credits.transfers for each statement execute function public.dawdle()
            """
        );

        (await browser.Post("/api/auth/delete-user", new { password = alice.Password })).Expect(200);

        Assert.Equal(0, await Rows(alice));
        await house.Database.Tamper("drop function public.dawdle() cascade");
    }

    [Fact]
    public async Task Every_token_of_the_person_fails_at_once()
    {
        var (alice, browser) = await Alice();
        var phone = await alice.InABrowser();
        (await alice.Get("/api/v1/credits/balance")).Expect(200);
        (await phone.Get("/api/auth/get-session")).Expect(200);

        (await browser.Post("/api/auth/delete-user", new { password = alice.Password })).Expect(200);

        Assert.Equal("null", (await phone.Get("/api/auth/get-session")).Expect(200).Body);
        (await phone.Get("/api/auth/list-accounts")).Expect(401);
        (await alice.Get("/api/v1/credits/balance")).Expect(401);
        (await alice.Get("/api/v1/auth/profile")).Expect(401);
        (await alice.Use(1)).Expect(401);
        (await house.Nobody().Post("/api/v1/auth/refresh", new { refreshToken = alice.RefreshToken })).Expect(401);
        (await browser.Post("/api/auth/delete-user", new { password = alice.Password })).Expect(401, "UNAUTHORIZED");
    }

    [Fact]
    public async Task What_is_wrong_is_refused_in_the_order_of_the_reference()
    {
        var (alice, browser) = await Alice();

        (await browser.Post("/api/auth/delete-user", new { password = Phrases.Wrong, token = "nope" })).Expect(400, "INVALID_PASSWORD");
        (await browser.Post("/api/auth/delete-user", new { password = new string('x', 129) })).Expect(400, "PASSWORD_TOO_LONG");
        Assert.Equal(
            """{"message":"Invalid token","code":"INVALID_TOKEN"}""",
            (await browser.Post("/api/auth/delete-user", new { token = "nope" })).Expect(404).Body
        );
        (await browser.Post("/api/auth/delete-user", new { token = 5 })).Expect(400, "VALIDATION_ERROR");
        (await browser.Post("/api/auth/delete-user", new { callbackURL = "https://evil.example.net" })).Expect(403, "INVALID_CALLBACK_URL");
        (await house.Nobody().Post("/api/auth/delete-user", new { })).Expect(401, "UNAUTHORIZED");
        await house.Database.Tamper("delete from auth.passwords where user_id = $1", alice.Id);
        (await browser.Post("/api/auth/delete-user", new { password = alice.Password })).Expect(400, "CREDENTIAL_ACCOUNT_NOT_FOUND");
        Assert.Equal(1, await Rows(alice));
    }

    [Fact]
    public async Task Of_fifty_wishes_at_once_one_erases()
    {
        var (alice, browser) = await Alice();

        var replies = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => browser.Post("/api/auth/delete-user", new { })));

        Assert.Single(replies, reply => reply.Status == 200);
        Assert.All(replies.Where(reply => reply.Status != 200), reply => Assert.Equal(401, reply.Status));
        Assert.Equal(0, await Rows(alice));
    }

    /// <summary>Otherwise each would hold the lock the next one needs, and all would wait until PostgreSQL calls it a deadlock.</summary>
    [Fact]
    public async Task Of_wishes_with_the_password_only_one_at_a_time_goes_beyond_it()
    {
        const int wishes = 5;
        const string waiting = "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'";
        const string beyond = "select count(*) from pg_locks where relation = 'auth.verification_tokens'::regclass and not granted";
        var (alice, browser) = await Alice();
        await using var other = await house.Database.AsAdmin();
        await using var held = await other.BeginTransactionAsync();
        await using (var command = new NpgsqlCommand("lock table auth.verification_tokens in exclusive mode", other, held))
        {
            await command.ExecuteNonQueryAsync();
        }

        var replies = Task.WhenAll(
            Enumerable.Range(0, wishes).Select(_ => browser.Post("/api/auth/delete-user", new { password = alice.Password }))
        );
        for (var wait = 0; await house.Database.Read<long>(waiting) < wishes; wait++)
        {
            Assert.True(wait < 100, "not all of them wait");
            await Task.Delay(10);
        }

        Assert.Equal(1, await house.Database.Read<long>(beyond));
        await held.CommitAsync();
        Assert.Single(await replies, reply => reply.Status == 200);
        Assert.Equal(0, await Rows(alice));
    }

    private async Task<(Person Alice, Person Browser)> Alice()
    {
        var alice = await house.Person("alice");

        return (alice, await alice.InABrowser());
    }

    private Task<long> Rows(Person person) => house.Database.Read<long>("select count(*) from auth.users where id = $1", person.Id);
}
