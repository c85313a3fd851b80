using Mana.Specs.World;

namespace Mana.Specs.Sessions;

/// <summary>B-56, REF-06: signing out ends everything the session gave.</summary>
public sealed class Signing_out(House house) : IClassFixture<House>
{
    [Fact]
    public async Task The_access_token_the_refresh_token_and_the_cookie_stop_working()
    {
        var alice = house.Stranger("alice");
        await alice.Register("Alice");
        var login = await alice.Login();
        var cookies = login.CookieHeader();

        (await alice.Post("/api/v1/auth/logout")).Expect(200);

        (await alice.Get("/api/v1/credits/balance")).Expect(401, "UNAUTHORIZED");
        var validation = (await house.Nobody().Post("/api/v1/auth/validate", new { token = alice.AccessToken })).Expect(200);
        Assert.False(validation.Json.GetProperty("valid").GetBoolean());
        Assert.Equal("Session revoked", validation.Text("error"));
        (await house.Nobody().Post("/api/v1/auth/refresh", new { refreshToken = alice.RefreshToken })).Expect(401);
        var browser = house.Nobody();
        browser.Cookies = cookies;
        Assert.Equal("null", (await browser.Get("/api/auth/get-session")).Expect(200).Body);
    }

    [Fact]
    public async Task Signing_out_twice_succeeds_twice_and_is_recorded_once()
    {
        var alice = await house.Person("alice");

        (await alice.Post("/api/v1/auth/logout")).Expect(200);
        (await alice.Post("/api/v1/auth/logout")).Expect(200);

        Assert.Equal(
            1,
            await house.Database.Read<long>(
                "select count(*) from auth.security_events where user_id = $1 and event_type = 'LOGOUT'",
                alice.Id
            )
        );
    }

    [Fact]
    public async Task B_63_a_client_that_has_only_its_refresh_token_can_sign_out_with_it()
    {
        var alice = await house.Person("alice");

        (await house.Nobody().Post("/api/v1/auth/logout", new { refreshToken = alice.RefreshToken })).Expect(200);

        (await alice.Get("/api/v1/credits/balance")).Expect(401);
    }

    [Fact]
    public async Task REF_06_a_client_that_was_away_signs_out_with_its_refresh_token_although_its_access_token_is_over()
    {
        var alice = await house.Person("alice");
        house.Clock.Move(TimeSpan.FromMinutes(20));

        Assert.Equal("Token expired", (await alice.Post("/api/v1/auth/logout")).Expect(401).Text("message"));
        (await alice.Post("/api/v1/auth/logout", new { refreshToken = alice.RefreshToken })).Expect(200);

        (await house.Nobody().Post("/api/v1/auth/refresh", new { refreshToken = alice.RefreshToken })).Expect(401);
    }

    [Fact]
    public async Task A_browser_can_sign_out_with_its_cookie_alone()
    {
        var alice = house.Stranger("alice");
        await alice.Register("Alice");
        var login = await alice.Login();
        var browser = house.Nobody();
        browser.Cookies = login.CookieHeader();

        var reply = (await browser.Post("/api/v1/auth/logout")).Expect(200);

        Assert.Contains(reply.SetCookies, cookie => cookie.StartsWith("mana.session_token=;", StringComparison.Ordinal));
        (await alice.Get("/api/v1/credits/balance")).Expect(401);
    }

    [Fact]
    public async Task WEB_01_a_foreign_page_cannot_sign_somebody_out()
    {
        var alice = house.Stranger("alice");
        await alice.Register("Alice");
        var login = await alice.Login();

        var reply = await house
            .Nobody()
            .Send(HttpMethod.Post, "/api/v1/auth/logout", null, ("Cookie", login.CookieHeader()), ("Origin", "https://evil.example"));

        reply.Expect(403, "FORBIDDEN");
        (await alice.Get("/api/v1/credits/balance")).Expect(200);
    }

    [Fact]
    public async Task Without_any_proof_there_is_nobody_to_sign_out()
    {
        (await house.Nobody().Post("/api/v1/auth/logout")).Expect(401, "UNAUTHORIZED");
    }
}
