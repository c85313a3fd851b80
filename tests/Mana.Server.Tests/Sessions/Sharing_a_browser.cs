using System.Text.Json;
using Mana.Specs.Passwords;
using Mana.Specs.World;

namespace Mana.Specs.Sessions;

/// <summary>Wire section 12.2: several people are signed in in one browser, and one of them is active.</summary>
public sealed class Sharing_a_browser(Sharing_a_browser.SharedHouse house) : IClassFixture<Sharing_a_browser.SharedHouse>
{
    private const string List = "/api/auth/multi-session/list-device-sessions";

    private const string SetActive = "/api/auth/multi-session/set-active";

    private const string Revoke = "/api/auth/multi-session/revoke";

    private const string Active = "mana.session_token";

    private const string Unremembered = "mana.dont_remember";

    [Fact]
    public async Task Whoever_signed_in_is_listed_once_and_the_newest_is_active()
    {
        var (browser, alice, bob) = (new Browser(house), await Stranger("alice"), await Stranger("bob"));

        await SignIn(browser, alice);
        var cookies = (await SignIn(browser, bob)).SetCookies;

        Assert.Equal(2, cookies.Count);
        Assert.StartsWith($"{Active}=", cookies[0], StringComparison.Ordinal);
        Assert.StartsWith($"{Multi(Token(browser))}=", cookies[1], StringComparison.Ordinal);
        Assert.Equal(cookies[0].Split('=', 2)[1], cookies[1].Split('=', 2)[1]);
        Assert.Equal([alice.Email, bob.Email], (await Listed(browser)).Select(Email));
        Assert.Equal(bob.Email, await WhoIsActive(browser));
        var shown = (await Listed(browser))[1].GetProperty("session").GetProperty("token").GetString();
        Assert.Equal(Token(browser), shown);
        Assert.Equal("[]", (await house.Nobody().Get(List)).Expect(200).Body);
    }

    [Fact]
    public async Task Another_becomes_active_by_a_cookie_and_not_by_what_is_said()
    {
        var (browser, alice, bob) = (new Browser(house), await Stranger("alice"), await Stranger("bob"));
        await SignIn(browser, alice);
        var token = Token(browser);
        await SignIn(browser, bob);

        var reply = (await browser.Tell(SetActive, new { sessionToken = token })).Expect(200);

        Assert.Equal(alice.Email, reply.Json.GetProperty("user").GetProperty("email").GetString());
        Assert.Equal(token, reply.Json.GetProperty("session").GetProperty("token").GetString());
        Assert.StartsWith($"{Active}=", Assert.Single(reply.SetCookies), StringComparison.Ordinal);
        Assert.Equal(alice.Email, await WhoIsActive(browser));

        // A token that leaked is good for nothing in a browser that was not given its cookie, whatever stands in the name of one it has.
        var (thief, mallory) = (new Browser(house), await Stranger("mallory"));
        await SignIn(thief, mallory);
        (await thief.Tell(SetActive, new { sessionToken = token })).Expect(401, "INVALID_SESSION_TOKEN");
        thief.Cookies[Multi(token)] = thief.Cookies[Active];
        (await thief.Tell(SetActive, new { sessionToken = token })).Expect(401, "INVALID_SESSION_TOKEN");
        thief.Cookies[Multi(token)] = $"{token}.{new string('A', 43)}%3D";
        (await thief.Tell(SetActive, new { sessionToken = token })).Expect(401, "INVALID_SESSION_TOKEN");
        (await thief.Tell(Revoke, new { sessionToken = token })).Expect(401, "INVALID_SESSION_TOKEN");
        Assert.Equal([mallory.Email], (await Listed(thief)).Select(Email));
        Assert.Equal(alice.Email, await WhoIsActive(browser));
    }

    [Theory]
    [InlineData("the page where people sign up")]
    [InlineData("the page of a link")]
    [InlineData("a link on v1")]
    public async Task Whatever_else_signs_in_joins_too_and_ends_an_earlier_wish_not_to_be_remembered(string way)
    {
        var (browser, alice) = (new Browser(house), await Stranger("alice"));
        (
            await browser.Tell(
                "/api/auth/sign-in/email",
                new
                {
                    email = alice.Email,
                    password = alice.Password,
                    rememberMe = false,
                }
            )
        ).Expect(200);
        Assert.Contains(Unremembered, browser.Cookies.Keys);
        var bob = house.Stranger("bob");
        if (way == "the page where people sign up")
        {
            (await browser.FillIn("/sign-up", ("email", bob.Email), ("new-password", bob.Password))).Expect(303);
        }
        else
        {
            await bob.Register("Bob");
            var link = await house.Mail.LinkTo(bob.Email);
            var followed =
                way == "the page of a link"
                    ? (await browser.Submit((await browser.Open(link)).Form("typed"), ("password", bob.Password))).Reply
                    : await browser.Get($"/api/v1/auth/verify-email{link.Query}");
            followed.Expect(200);
        }

        Assert.Contains(Multi(Token(browser)), browser.Cookies.Keys);
        Assert.DoesNotContain(Unremembered, browser.Cookies.Keys);
        Assert.Equivalent(new[] { alice.Email, bob.Email }, (await Listed(browser)).Select(Email), strict: true);
        Assert.Equal(bob.Email, await WhoIsActive(browser));
    }

    [Fact]
    public async Task WEB_01_a_foreign_page_switches_and_ends_nothing()
    {
        var (browser, alice, bob) = (new Browser(house), await Stranger("alice"), await Stranger("bob"));
        await SignIn(browser, alice);
        var token = Token(browser);
        await SignIn(browser, bob);

        (await browser.Tell(SetActive, new { sessionToken = token }, "https://evil.example")).Expect(403, "INVALID_ORIGIN");
        (await browser.Tell(Revoke, new { sessionToken = token }, "https://evil.example")).Expect(403, "INVALID_ORIGIN");

        Assert.Equal(bob.Email, await WhoIsActive(browser));
        Assert.Equal(2, (await Listed(browser)).Length);
    }

    [Fact]
    public async Task One_that_has_ended_is_not_listed_and_its_cookie_goes_when_it_is_asked_for()
    {
        var (browser, alice, bob) = (new Browser(house), await Stranger("alice"), await Stranger("bob"));
        await SignIn(browser, alice);
        var token = Token(browser);
        await SignIn(browser, bob);
        await alice.Login();
        (await alice.Delete("/api/v1/auth/sessions")).Expect(204);

        Assert.Equal([bob.Email], (await Listed(browser)).Select(Email));
        var reply = (await browser.Tell(SetActive, new { sessionToken = token })).Expect(401, "INVALID_SESSION_TOKEN");

        Assert.Equal($"{Multi(token)}=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax", Assert.Single(reply.SetCookies));
        Assert.Equal(bob.Email, await WhoIsActive(browser));
    }

    [Fact]
    public async Task Ending_another_leaves_the_active_one_and_ending_the_active_one_makes_room_for_the_next()
    {
        var (browser, alice, bob) = (new Browser(house), await Stranger("alice"), await Stranger("bob"));
        var carol = await Stranger("carol");
        await SignIn(browser, alice);
        var first = Token(browser);
        await SignIn(browser, bob);
        var second = Token(browser);
        await SignIn(browser, carol);
        var third = Token(browser);

        var ended = (await browser.Tell(Revoke, new { sessionToken = second })).Expect(200);
        Assert.Equal("""{"status":true}""", ended.Body);
        Assert.StartsWith($"{Multi(second)}=; Max-Age=0", Assert.Single(ended.SetCookies), StringComparison.Ordinal);
        Assert.Equal(carol.Email, await WhoIsActive(browser));
        Assert.Equal("null", (await Presenting(second)).Body);

        (await browser.Tell(Revoke, new { sessionToken = third })).Expect(200);
        Assert.Equal(alice.Email, await WhoIsActive(browser));

        var last = (await browser.Tell(Revoke, new { sessionToken = first })).Expect(200);
        Assert.Equal(4, last.SetCookies.Count);
        Assert.Empty(browser.Cookies);
        (await browser.Tell(Revoke, new { sessionToken = first })).Expect(401, "UNAUTHORIZED");
    }

    [Fact]
    public async Task Signing_in_again_ends_what_the_browser_held_of_the_same_person_and_nobody_elses()
    {
        var (browser, alice, bob) = (new Browser(house), await Stranger("alice"), await Stranger("bob"));
        var telephone = await alice.InABrowser();
        await SignIn(browser, alice);
        var before = Token(browser);
        await SignIn(browser, bob);

        var cookies = (await SignIn(browser, alice)).SetCookies;

        Assert.Equal(3, cookies.Count);
        Assert.StartsWith($"{Multi(before)}=; Max-Age=0", cookies[1], StringComparison.Ordinal);
        Assert.Equal("null", (await Presenting(before)).Body);
        Assert.Equivalent(new[] { alice.Email, bob.Email }, (await Listed(browser)).Select(Email), strict: true);
        Assert.True(await telephone.IsSignedIn());
        Assert.Equal(
            "replaced",
            await house.Database.Read<string>(
                "select metadata->>'reason' from auth.security_events where user_id = $1 and event_type = 'SESSION_REVOKED'",
                alice.Id
            )
        );
    }

    [Fact]
    public async Task A_session_that_replaces_all_others_replaces_its_cookie_too()
    {
        var (browser, alice) = (new Browser(house), await Stranger("alice"));
        await SignIn(browser, alice);
        var before = Token(browser);
        var change = new
        {
            currentPassword = alice.Password,
            newPassword = "another good password",
            revokeOtherSessions = true,
        };

        (await browser.Tell("/api/auth/change-password", change)).Expect(200);

        Assert.DoesNotContain(Multi(before), browser.Cookies.Keys);
        Assert.Equal(browser.Cookies[Active], browser.Cookies[Multi(Token(browser))]);
    }

    [Fact]
    public async Task One_more_than_a_browser_may_hold_is_signed_in_without_a_place_beside_the_others()
    {
        var browser = new Browser(house);
        for (var held = 0; held < SharedHouse.PeopleMax; held++)
        {
            await SignIn(browser, await Stranger($"person{held}"));
        }

        var last = await Stranger("last");
        Assert.Single((await SignIn(browser, last)).SetCookies);

        Assert.Equal(last.Email, await WhoIsActive(browser));
        var listed = await Listed(browser);
        Assert.Equal(SharedHouse.PeopleMax, listed.Length);
        Assert.DoesNotContain(last.Email, listed.Select(Email));
    }

    [Theory]
    [InlineData("/api/auth/sign-out")]
    [InlineData("/sign-out")]
    public async Task Signing_out_signs_everybody_out_of_this_browser_and_of_no_other(string path)
    {
        var (browser, alice, bob) = (new Browser(house), await Stranger("alice"), await Stranger("bob"));
        var telephone = await alice.InABrowser();
        await SignIn(browser, alice);
        var first = Token(browser);
        await SignIn(browser, bob);
        var second = Token(browser);

        var reply = path == "/sign-out" ? await browser.Post(path, new Dictionary<string, string>()) : await browser.Tell(path, new { });

        Assert.Equal(5, reply.SetCookies.Count);
        Assert.Empty(browser.Cookies);
        Assert.Equal("null", (await Presenting(first)).Body);
        Assert.Equal("null", (await Presenting(second)).Body);
        Assert.True(await telephone.IsSignedIn());
    }

    [Fact]
    public async Task Who_is_not_to_be_remembered_leaves_no_cookie_that_outlives_the_browser()
    {
        var (browser, alice) = (new Browser(house), await Stranger("alice"));

        var reply = await SignIn(browser, alice, rememberMe: false);

        Assert.Equal(3, reply.SetCookies.Count);
        Assert.All(reply.SetCookies, cookie => Assert.DoesNotContain("Max-Age", cookie, StringComparison.Ordinal));
    }

    private async Task<Person> Stranger(string name)
    {
        var person = house.Stranger(name);
        await person.Register(name);

        return person;
    }

    private static async Task<Reply> SignIn(Browser browser, Person person, bool rememberMe = true)
    {
        var body = new
        {
            email = person.Email,
            password = person.Password,
            rememberMe,
        };

        return (await browser.Tell("/api/auth/sign-in/email", body)).Expect(200);
    }

    private static async Task<JsonElement[]> Listed(Browser browser) => [.. (await browser.Get(List)).Expect(200).Json.EnumerateArray()];

    private static string Email(JsonElement listed) => listed.GetProperty("user").GetProperty("email").GetString()!;

    private static async Task<string> WhoIsActive(Browser browser) => Email((await browser.Get("/api/auth/get-session")).Expect(200).Json);

    private static string Token(Browser browser) => Uri.UnescapeDataString(browser.Cookies[Active]).Split('.')[0];

    private static string Multi(string token) => $"{Active}_multi-{token.ToLowerInvariant()}";

    private Task<Reply> Presenting(string token) =>
        house.Nobody().Send(HttpMethod.Get, "/api/auth/get-session", null, ("Authorization", $"Bearer {token}"));

    public sealed class SharedHouse : House
    {
        public const int PeopleMax = 3;

        protected override void Configure(Dictionary<string, string> environment) =>
            environment["SESSIONS_PER_BROWSER_MAX"] = PeopleMax.ToString(System.Globalization.CultureInfo.InvariantCulture);
    }
}

/// <summary>The same where it is not asked for, which is how the service comes.</summary>
public sealed class Keeping_a_browser_to_oneself(House house) : IClassFixture<House>
{
    [Fact]
    public async Task There_is_one_cookie_and_nobody_beside()
    {
        var alice = house.Stranger("alice");
        await alice.Register("Alice");
        var browser = new Browser(house);
        var reply = await browser.Tell("/api/auth/sign-in/email", new { email = alice.Email, password = alice.Password });
        var (token, cookie) = (reply.Text("token"), Assert.Single(reply.SetCookies));
        browser.Cookies[$"mana.session_token_multi-{token.ToLowerInvariant()}"] = cookie.Split(';')[0].Split('=', 2)[1];

        Assert.Equal("[]", (await browser.Get("/api/auth/multi-session/list-device-sessions")).Expect(200).Body);
        (await browser.Tell("/api/auth/multi-session/set-active", new { sessionToken = token })).Expect(401, "INVALID_SESSION_TOKEN");
        (await browser.Tell("/api/auth/multi-session/revoke", new { sessionToken = token })).Expect(401, "INVALID_SESSION_TOKEN");
        Assert.NotEqual("null", (await browser.Get("/api/auth/get-session")).Body);
    }
}
