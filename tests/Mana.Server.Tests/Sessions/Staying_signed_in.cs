using System.Globalization;
using Mana.Specs.World;

namespace Mana.Specs.Sessions;

/// <summary>Wire sections 2.5, 2.6, 4.2, 4.3 and 4.5: how long a session lives, where it is extended, and when it is asked for anew.</summary>
public sealed class Staying_signed_in(House house) : IClassFixture<House>
{
    private static readonly TimeSpan UpdateAge = TimeSpan.FromDays(1);

    [Theory]
    [InlineData("/api/auth/get-session")]
    [InlineData("/api/auth/list-accounts")]
    [InlineData("/api/auth/token")]
    public async Task Wherever_a_session_is_used_it_is_extended_once_a_day_and_its_cookie_sent_again(string path)
    {
        var browser = await Browser();
        house.Clock.Move(UpdateAge);

        var reply = (await browser.Get(path)).Expect(200);

        var cookie = Assert.Single(reply.SetCookies);
        Assert.StartsWith(browser.Cookies!, cookie, StringComparison.Ordinal);
        Assert.EndsWith("; Max-Age=604800; Path=/; HttpOnly; SameSite=Lax", cookie, StringComparison.Ordinal);
        Assert.StartsWith(Token(browser) + ".", reply.Header("set-auth-token"), StringComparison.Ordinal);
        Assert.Contains("set-auth-token", reply.Header("access-control-expose-headers"), StringComparison.Ordinal);
        Assert.Equal(house.Clock.GetUtcNow() + TimeSpan.FromDays(7), await ExpiresAt(browser), TimeSpan.FromMilliseconds(1));
        Assert.Empty((await browser.Get(path)).Expect(200).SetCookies);
    }

    [Theory]
    [InlineData("/api/auth/list-accounts")]
    [InlineData("/api/auth/list-accounts?disableRefresh=true", true)]
    [InlineData("/api/auth/list-accounts?disableRefresh=false", true)]
    [InlineData("/api/auth/get-session?disableRefresh=0", true)]
    public async Task Not_before_a_day_is_over_nor_when_the_request_asks_to_leave_it(string path, bool isDue = false)
    {
        var browser = await Browser();
        house.Clock.Move(isDue ? UpdateAge : UpdateAge - TimeSpan.FromSeconds(1));
        var before = await ExpiresAt(browser);

        Assert.Empty((await browser.Get(path)).Expect(200).SetCookies);

        Assert.Equal(before, await ExpiresAt(browser));
    }

    [Fact]
    public async Task A_door_that_clears_the_cookie_is_not_overruled_by_the_extension()
    {
        var browser = await Browser();
        house.Clock.Move(UpdateAge);

        var reply = (await browser.Post("/api/auth/revoke-sessions")).Expect(200);

        Assert.Equal(3, reply.SetCookies.Count);
        Assert.All(reply.SetCookies, cookie => Assert.Contains("=; Max-Age=0;", cookie, StringComparison.Ordinal));
        Assert.Null(reply.Header("set-auth-token"));
    }

    [Fact]
    public async Task A_session_of_the_browser_only_is_never_extended_not_even_without_its_second_cookie()
    {
        var browser = await (await Signed()).InABrowser(rememberMe: false);
        Assert.Contains("mana.dont_remember=", browser.Cookies, StringComparison.Ordinal);
        var before = await ExpiresAt(browser);
        house.Clock.Move(TimeSpan.FromHours(23));

        Assert.Empty((await browser.Get("/api/auth/list-accounts")).Expect(200).SetCookies);
        var bearer = house.Nobody();
        bearer.AccessToken = Token(browser);
        Assert.Empty((await bearer.Get("/api/auth/get-session")).Expect(200).SetCookies);

        Assert.Equal(before, await ExpiresAt(browser));
        house.Clock.Move(TimeSpan.FromHours(1));
        (await browser.Get("/api/auth/list-accounts")).Expect(401);
    }

    [Fact]
    public async Task A_fresh_session_is_one_opened_within_a_day_and_using_it_does_not_help()
    {
        var browser = await Browser();
        house.Clock.Move(TimeSpan.FromDays(1) - TimeSpan.FromSeconds(1));
        (await browser.Get("/api/auth/list-sessions")).Expect(200);
        house.Clock.Move(TimeSpan.FromSeconds(1));
        (await browser.Get("/api/auth/get-session")).Expect(200);

        var reply = (await browser.Get("/api/auth/list-sessions")).Expect(403);

        Assert.Equal("""{"message":"Session is not fresh","code":"SESSION_NOT_FRESH"}""", reply.Body);
    }

    [Theory]
    [InlineData("/api/auth/get-session", 200)]
    [InlineData("/api/auth/list-sessions", 401)]
    [InlineData("/api/auth/token", 401)]
    [InlineData("/api/v1/auth/session", 401)]
    public async Task A_dead_cookie_is_cleared_wherever_it_is_shown(string path, int status)
    {
        var browser = await Browser();
        house.Clock.Move(TimeSpan.FromDays(7));

        var reply = (await browser.Get(path)).Expect(status);

        Assert.Equal(
            ["mana.session_token", "mana.session_data", "mana.dont_remember"],
            reply.SetCookies.Select(cookie => cookie.Split('=')[0])
        );
        Assert.All(reply.SetCookies, cookie => Assert.Contains("=; Max-Age=0;", cookie, StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_access_token_that_is_refused_says_nothing_about_the_cookie_beside_it()
    {
        var browser = await Browser();

        var reply = await browser.Send(HttpMethod.Get, "/api/v1/credits/balance", null, ("Authorization", "Bearer stale.access.token"));

        Assert.Empty(reply.Expect(401).SetCookies);
        Assert.NotEqual("null", (await browser.Get("/api/auth/get-session")).Body);
    }

    [Fact]
    public async Task SES_06_a_session_ends_when_nobody_used_it_for_its_lifetime()
    {
        var alice = await house.Person("alice");
        var browser = await alice.InABrowser();
        house.Clock.Move(TimeSpan.FromDays(7));

        Assert.Equal("null", (await browser.Get("/api/auth/get-session")).Expect(200).Body);
        (await Refresh(alice)).Expect(401, "TOKEN_EXPIRED");
    }

    [Fact]
    public async Task SES_06_a_session_in_use_every_day_ends_at_the_absolute_limit()
    {
        var browser = await Browser();
        var days = 0;
        while ((await browser.Get("/api/auth/get-session")).Expect(200).Body != "null")
        {
            Assert.True(++days <= 180, "it outlives the limit");
            house.Clock.Move(TimeSpan.FromDays(1));
        }

        Assert.Equal(180, days);
        Assert.Equal(
            0,
            await house.Database.Read<long>("select count(*) from auth.sessions where expires_at > created_at + interval '180 days'")
        );
    }

    [Fact]
    public async Task SES_06_no_access_token_works_beyond_the_end_of_its_session()
    {
        var alice = await house.Person("alice");
        var browser = await alice.InABrowser();
        house.Clock.Move(TimeSpan.FromDays(180) - TimeSpan.FromMinutes(2));
        await house.Database.Tamper(
            "update auth.sessions set expires_at = created_at + interval '180 days', refresh_expires_at = created_at + interval '180 days' where user_id = $1",
            alice.Id
        );
        var token = (await browser.Get("/api/auth/token")).Expect(200).Text("token");
        var refreshed = (await Refresh(alice)).Expect(200);
        house.Clock.Move(TimeSpan.FromMinutes(1));
        Assert.Equal("True", await IsValid(token));

        house.Clock.Move(TimeSpan.FromMinutes(2)); // a minute more than it lasts: clocks may differ a little

        Assert.Equal("False", await IsValid(token));
        Assert.Equal(120, refreshed.Json.GetProperty("expiresIn").GetInt32());
    }

    private async Task<string> IsValid(string token) =>
        (await house.Nobody().Post("/api/v1/auth/validate", new { token })).Expect(200).Json.GetProperty("valid").ToString();

    [Fact]
    public async Task REF_05_refreshing_ends_at_the_absolute_limit_too_also_for_a_remembered_device()
    {
        var alice = await Signed();
        var login = await alice.Post(
            "/api/v1/auth/login",
            new
            {
                email = alice.Email,
                password = alice.Password,
                rememberMe = true,
            }
        );
        alice.RefreshToken = login.Expect(200).Text("refreshToken");
        for (var days = 0; days < 175; days += 25)
        {
            house.Clock.Move(TimeSpan.FromDays(25));
            alice.RefreshToken = (await Refresh(alice)).Expect(200).Text("refreshToken");
        }

        house.Clock.Move(TimeSpan.FromDays(5) - TimeSpan.FromSeconds(1));
        alice.RefreshToken = (await Refresh(alice)).Expect(200).Text("refreshToken");
        house.Clock.Move(TimeSpan.FromSeconds(1));

        (await Refresh(alice)).Expect(401, "TOKEN_EXPIRED");
    }

    private async Task<Person> Signed()
    {
        var person = house.Stranger("alice");
        await person.Register("Alice");

        return person;
    }

    private async Task<Person> Browser() => await (await Signed()).InABrowser();

    private static string Token(Person browser) => browser.Cookies!.Split('=')[1].Split('.')[0];

    private async Task<DateTimeOffset> ExpiresAt(Person browser)
    {
        var session = (await browser.Get("/api/auth/get-session?disableRefresh=1")).Expect(200).Json.GetProperty("session");

        return DateTimeOffset.Parse(session.GetProperty("expiresAt").GetString()!, CultureInfo.InvariantCulture);
    }

    private static Task<Reply> Refresh(Person person) =>
        person.Send(
            HttpMethod.Post,
            "/api/v1/auth/refresh",
            System.Net.Http.Json.JsonContent.Create(new { refreshToken = person.RefreshToken }),
            ("Authorization", "")
        );
}
