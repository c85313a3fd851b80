using System.Net.Http.Json;
using Mana.Me;
using Mana.Operations;
using Mana.Specs.World;
using Microsoft.Extensions.DependencyInjection;

namespace Mana.Specs.Me;

/// <summary>Ruling 12b: closed is not erased. B-98: nothing that was given out before works any more.</summary>
public sealed class Closing_an_account(House house) : IClassFixture<House>
{
    [Fact]
    public async Task B_98_every_way_in_is_shut_and_the_address_stays_taken()
    {
        var alice = house.Stranger("alice");
        await alice.Register("Alice");
        var browser = house.Nobody();
        browser.Cookies = (await alice.Login()).CookieHeader();
        await browser.Get("/api/auth/get-session"); // remembered

        var closed = await Close(alice, alice.Password, "moved on");

        closed.Expect(200);
        Assert.True(closed.Json.GetProperty("success").GetBoolean());
        Assert.Contains(closed.SetCookies, cookie => cookie.StartsWith("mana.session_token=; Max-Age=0", StringComparison.Ordinal));
        (await alice.Get("/api/v1/auth/profile")).Expect(401);
        (await alice.Get("/api/v1/credits/balance")).Expect(401);
        Assert.Equal("null", (await browser.Get("/api/auth/get-session")).Expect(200).Body);
        (await house.Nobody().Post("/api/v1/auth/refresh", new { refreshToken = alice.RefreshToken })).Expect(401);
        var again = new Person(house, alice.Email, alice.Password);
        (await again.Post("/api/v1/auth/login", new { email = alice.Email, password = alice.Password })).Expect(401, "INVALID_CREDENTIALS");
        (await again.Post("/api/auth/sign-in/email", new { email = alice.Email, password = alice.Password })).Expect(
            401,
            "INVALID_EMAIL_OR_PASSWORD"
        );
        (await again.Post("/api/v1/auth/register", new { email = alice.Email, password = alice.Password })).Expect(
            409,
            "EMAIL_ALREADY_REGISTERED"
        );
        Assert.Equal(
            "moved on",
            await house.Database.Read<string>(
                "select metadata ->> 'reason' from auth.security_events where user_id = $1 and event_type = 'ACCOUNT_DELETED'",
                alice.Id
            )
        );
        await house.Idle();
        Assert.Single(house.Mail.TextsTo(alice.Email), text => text.Contains("is closed", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_password_is_asked_for_and_a_wrong_one_closes_nothing()
    {
        var alice = await house.Person("alice");

        Assert.Equal("Password is incorrect", (await Close(alice, Phrases.Wrong)).Expect(401, "INVALID_CREDENTIALS").Text("message"));
        (await alice.Send(HttpMethod.Delete, "/api/v1/auth/account", JsonContent.Create(new { }))).Expect(400, "VALIDATION");
        (await Close(alice, alice.Password, new string('x', 501))).Expect(400, "VALIDATION");
        (await Close(house.Nobody(), alice.Password)).Expect(401);

        (await alice.Get("/api/v1/auth/profile")).Expect(200);
        Assert.Equal(
            1,
            await house.Database.Read<long>(
                "select count(*) from auth.security_events where user_id = $1 and event_type = 'LOGIN_FAILURE'",
                alice.Id
            )
        );
    }

    [Fact]
    public async Task Somebody_without_a_password_is_told_so()
    {
        var alice = await house.Person("alice");
        await house.Database.Tamper("delete from auth.passwords where user_id = $1", alice.Id);

        (await Close(alice, alice.Password)).Expect(404, "NOT_FOUND");
    }

    [Fact]
    public async Task Of_fifty_who_close_at_once_one_does_and_one_mail_is_sent()
    {
        var alice = await house.Person("alice");

        var replies = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Close(alice, alice.Password)));

        Assert.Single(replies, reply => reply.Status == 200);
        Assert.Equal(
            1,
            await house.Database.Read<long>(
                "select count(*) from auth.security_events where user_id = $1 and event_type = 'ACCOUNT_DELETED'",
                alice.Id
            )
        );
    }

    [Fact]
    public async Task An_operator_opens_it_again_and_every_device_signs_in_anew()
    {
        var alice = await house.Person("alice");
        await Close(alice, alice.Password);
        await house.Database.Tamper(
            """
            insert into auth.sessions (id, user_id, token_hash, expires_at, remember_me, lifetime_seconds, refresh_salt, refresh_expires_at,
                ip_address, user_agent, last_activity_at, created_at, updated_at)
            values ('raced-' || $1, $1, $2, now() + interval '1 day', true, 86400, $2, now() + interval '1 day', '', '', now(), now(), now())
            """,
            alice.Id,
            System.Text.Encoding.UTF8.GetBytes(alice.Id)
        );

        var (exit, said) = await Command("restore", alice.Email.ToUpperInvariant());

        Assert.Equal(0, exit);
        Assert.Contains("has their account back", said, StringComparison.Ordinal);
        (await alice.Get("/api/v1/auth/profile")).Expect(401);
        Assert.Equal(
            0,
            await house.Database.Read<long>("select count(*) from auth.sessions where user_id = $1 and revoked_at is null", alice.Id)
        );
        (await alice.Login()).Expect(200);
        Assert.Equal(150, await alice.Balance());
        (exit, said) = await Command("restore", alice.Email);
        Assert.Equal(0, exit);
        Assert.Contains("was open", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task After_thirty_days_the_person_is_erased_and_the_address_is_free()
    {
        var (alice, bob) = (await house.Person("alice"), await house.Person("bob"));
        await Close(alice, alice.Password);
        await Close(bob, bob.Password);
        await Command("restore", bob.Email);

        house.Clock.Move(TimeSpan.FromDays(30) - TimeSpan.FromMinutes(1));
        await EraseClosed();
        Assert.Equal(1, await house.Database.Read<long>("select count(*) from auth.users where id = $1", alice.Id));
        house.Clock.Move(TimeSpan.FromMinutes(2));
        await EraseClosed();

        Assert.Equal(0, await house.Database.Read<long>("select count(*) from auth.users where id = $1", alice.Id));
        Assert.Equal(1, await house.Database.Read<long>("select count(*) from auth.users where id = $1", bob.Id));
        Assert.Equal(1, (await Command("restore", alice.Email)).Exit);
        (await new Person(house, alice.Email, alice.Password).Register("Another Alice")).Expect(201);
    }

    private Task<int> EraseClosed() => house.Services.GetRequiredService<EraseClosedAccounts>().Run(CancellationToken.None);

    private static Task<Reply> Close(Person person, string password, string? reason = null) =>
        person.Send(HttpMethod.Delete, "/api/v1/auth/account", JsonContent.Create(new { password, reason }));

    private async Task<(int Exit, string Said)> Command(params string[] arguments)
    {
        var output = new StringWriter();
        var environment = new Dictionary<string, string>
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Development",
            ["DATABASE_URL"] = house.Database.AppUrl,
        };

        return (await UsersCommand.Run(arguments, environment, output, CancellationToken.None), output.ToString());
    }
}
