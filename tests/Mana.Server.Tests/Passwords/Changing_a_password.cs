using System.Globalization;
using Mana.Specs.World;

namespace Mana.Specs.Passwords;

/// <summary>PWD-06, REF-07, B-19, B-55, B-66, contract 1.1.12, wire 7.11 and 7.12.</summary>
public sealed class Changing_a_password(House house) : IClassFixture<House>
{
    private const string V1 = "/api/v1/auth/change-password";

    private const string Wire = "/api/auth/change-password";

    private const string Chosen = Resets.Chosen;

    [Fact]
    public async Task REF_07_every_other_session_ends_and_the_one_that_asked_goes_on()
    {
        var alice = await house.Person("alice");
        var phone = new Person(house, alice.Email, alice.Password);
        await phone.Login();
        var browser = await alice.InABrowser();

        var done = await alice.Post(V1, Change(alice.Password));

        Assert.Equal("""{"success":true,"message":"Password has been changed successfully"}""", done.Expect(200).Body);
        (await alice.Get("/api/v1/credits/balance")).Expect(200);
        (await phone.Get("/api/v1/credits/balance")).Expect(401);
        (await house.Nobody().Post("/api/v1/auth/refresh", new { refreshToken = phone.RefreshToken })).Expect(401);
        Assert.False(await browser.IsSignedIn());
    }

    [Theory]
    [InlineData(V1)]
    [InlineData(Wire)]
    public async Task B_55_the_new_password_signs_in_on_both_surfaces_and_the_old_one_on_neither(string path)
    {
        var alice = await house.Person("alice");
        var person = path == V1 ? alice : await alice.InABrowser();

        (await person.Post(path, Change(alice.Password))).Expect(200);

        (await house.SignIn(alice.Email, alice.Password)).Expect(401, "INVALID_CREDENTIALS");
        (await house.SignIn(alice.Email, Chosen)).Expect(200);
        await alice.InABrowser(Chosen);
        Assert.Equal(1, await house.Events(alice.Id, "PASSWORD_CHANGED"));
    }

    [Fact]
    public async Task B_66_the_bearer_says_whose_password_it_is_and_a_cookie_does_not_count()
    {
        var (alice, bob) = (await house.Person("alice"), await house.Person("bob"));
        var cookies = (await bob.InABrowser()).Cookies;
        alice.Cookies = cookies;

        (await alice.Post(V1, Change(alice.Password))).Expect(200);
        (await house.SignIn(bob.Email, bob.Password)).Expect(200);
        (await house.SignIn(alice.Email, Chosen)).Expect(200);

        var onlyCookie = house.Nobody();
        onlyCookie.Cookies = cookies;
        (await onlyCookie.Post(V1, Change(bob.Password))).Expect(401, "UNAUTHORIZED");
        (await house.Nobody().Post(Wire, Change(bob.Password))).Expect(401, "UNAUTHORIZED");
    }

    [Fact]
    public async Task PWD_06_the_person_is_told_by_mail()
    {
        var alice = await house.Person("alice");

        (await alice.Post(V1, Change(alice.Password))).Expect(200);
        await house.Idle();

        Assert.Contains(house.Mail.TextsTo(alice.Email), text => text.Contains("has just been changed", StringComparison.Ordinal));
    }

    [Fact]
    public async Task PWD_06_a_wrong_or_missing_current_password_changes_nothing_and_leaves_a_trail()
    {
        var alice = await house.Person("alice");
        var browser = await alice.InABrowser();

        var refused = (await alice.Post(V1, Change(Phrases.Wrong))).Expect(401, "INVALID_CREDENTIALS");
        Assert.Equal("Current password is incorrect", refused.Text("message"));
        var onWire = (await browser.Post(Wire, Change(Phrases.Wrong))).Expect(400);
        Assert.Equal("""{"message":"Invalid password","code":"INVALID_PASSWORD"}""", onWire.Body);
        (await alice.Post(V1, new { newPassword = Chosen })).Expect(400, "VALIDATION");
        (await browser.Post(Wire, new { newPassword = Chosen })).Expect(400, "VALIDATION_ERROR");

        (await house.SignIn(alice.Email, alice.Password)).Expect(200);
        Assert.Equal(
            2,
            await house.Database.Read<long>(
                "select count(*) from auth.security_events where user_id = $1 and metadata ->> 'purpose' = 'change_password'",
                alice.Id
            )
        );
        Assert.Equal(0, await house.Events(alice.Id, "PASSWORD_CHANGED"));
    }

    [Fact]
    public async Task Somebody_without_a_password_has_none_to_change()
    {
        var alice = await house.Person("alice");
        var browser = await alice.InABrowser();
        await house.Database.Tamper("delete from auth.passwords where user_id = $1", alice.Id);

        var refused = (await alice.Post(V1, Change(alice.Password))).Expect(404, "NOT_FOUND");
        Assert.Equal("No password credential found for this account", refused.Text("message"));
        var onWire = (await browser.Post(Wire, Change(alice.Password))).Expect(400);
        Assert.Equal("""{"message":"Credential account not found","code":"CREDENTIAL_ACCOUNT_NOT_FOUND"}""", onWire.Body);
        (await browser.Post("/api/auth/verify-password", new { password = alice.Password })).Expect(400, "INVALID_PASSWORD");
    }

    [Theory]
    [InlineData(7, "PASSWORD_TOO_SHORT")]
    [InlineData(129, "PASSWORD_TOO_LONG")]
    public async Task B_19_the_length_of_a_password_is_the_same_here_as_at_sign_up(int length, string code)
    {
        var alice = await house.Person("alice");
        var browser = await alice.InABrowser();
        var chosen = new string('x', length);

        (await alice.Post(V1, Change(Phrases.Wrong, chosen))).Expect(400, "WEAK_PASSWORD");
        (await browser.Post(Wire, Change(Phrases.Wrong, chosen))).Expect(400, code);
        (await browser.Post(Wire, Change(new string('x', 129)))).Expect(400, "PASSWORD_TOO_LONG");
        (await alice.Post(V1, Change(alice.Password, new string('x', 8)))).Expect(200);
    }

    [Fact]
    public async Task On_the_wire_other_sessions_stay_unless_asked_otherwise()
    {
        var alice = await house.Person("alice");
        var (browser, other) = (await alice.InABrowser(), await alice.InABrowser());

        var done = (await browser.Post(Wire, Change(alice.Password))).Expect(200);

        Assert.Equal("null", done.Json.GetProperty("token").GetRawText());
        Assert.Equal(alice.Email, done.Json.GetProperty("user").GetProperty("email").GetString());
        Assert.Empty(done.SetCookies);
        Assert.True(await browser.IsSignedIn());
        Assert.True(await other.IsSignedIn());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task On_the_wire_all_sessions_end_when_asked_and_a_new_one_takes_the_place_of_this_one(bool rememberMe)
    {
        var alice = await house.Person("alice");
        var (browser, other) = (await alice.InABrowser(rememberMe: rememberMe), await alice.InABrowser());
        var before = await browser.Get("/api/auth/get-session");
        house.Clock.Move(TimeSpan.FromHours(1));

        var body = new
        {
            currentPassword = alice.Password,
            newPassword = Chosen,
            revokeOtherSessions = true,
        };
        var done = (await browser.Post(Wire, body)).Expect(200);

        Assert.False(await browser.IsSignedIn());
        Assert.False(await other.IsSignedIn());
        (await alice.Get("/api/v1/credits/balance")).Expect(401);
        var token = done.Text("token");
        Assert.StartsWith($"{token}.", done.Header("set-auth-token"), StringComparison.Ordinal);
        Assert.Equal(rememberMe, done.SetCookies[0].Contains("Max-Age=604800", StringComparison.Ordinal));
        browser.Cookies = done.CookieHeader();
        var after = await browser.Get("/api/auth/get-session");
        Assert.Equal(token, after.Json.GetProperty("session").GetProperty("token").GetString());
        Assert.NotEqual(Member(before, "id"), Member(after, "id"));
        Assert.Equal(TimeSpan.FromHours(1), Instant(after, "createdAt") - Instant(before, "createdAt"));
        Assert.Equal(Lifetime(before), Lifetime(after));

        static string Member(Reply reply, string name) => reply.Json.GetProperty("session").GetProperty(name).GetString()!;

        static DateTimeOffset Instant(Reply reply, string name) => DateTimeOffset.Parse(Member(reply, name), CultureInfo.InvariantCulture);

        static TimeSpan Lifetime(Reply reply) => Instant(reply, "expiresAt") - Instant(reply, "createdAt");
    }

    [Fact]
    public async Task Of_twenty_parallel_changes_of_one_password_exactly_one_takes_effect()
    {
        var alice = await house.Person("alice");
        var chosen = Enumerable.Range(0, 20).Select(number => $"{Chosen} {number}").ToArray();

        var replies = await Task.WhenAll(chosen.Select(password => alice.Post(V1, Change(alice.Password, password))));

        var winner = Assert.Single(Enumerable.Range(0, 20), at => replies[at].Status == 200);
        Assert.All(replies.Where((_, at) => at != winner), reply => reply.Expect(401, "INVALID_CREDENTIALS"));
        (await house.SignIn(alice.Email, chosen[winner])).Expect(200);
    }

    [Fact]
    public async Task The_same_password_again_is_a_change_too()
    {
        var alice = await house.Person("alice");

        (await alice.Post(V1, Change(alice.Password, alice.Password))).Expect(200);
        (await house.SignIn(alice.Email, alice.Password)).Expect(200);
    }

    [Fact]
    public async Task Verifying_a_password_says_whether_it_is_right_and_nothing_else()
    {
        var alice = await house.Person("alice");
        var browser = await alice.InABrowser();

        var right = await browser.Post("/api/auth/verify-password", new { password = alice.Password });
        var wrong = await browser.Post("/api/auth/verify-password", new { password = Phrases.Wrong });

        Assert.Equal("""{"status":true}""", right.Expect(200).Body);
        Assert.Equal("""{"message":"Invalid password","code":"INVALID_PASSWORD"}""", wrong.Expect(400).Body);
        (await browser.Post("/api/auth/verify-password", new { })).Expect(400, "VALIDATION_ERROR");
        (await house.Nobody().Post("/api/auth/verify-password", new { password = alice.Password })).Expect(401, "UNAUTHORIZED");
    }

    private static object Change(string currentPassword, string newPassword = Chosen) => new { currentPassword, newPassword };

    public sealed class While_limits_are_on(LimitedHouse house) : IClassFixture<LimitedHouse>
    {
        [Theory]
        [InlineData(V1)]
        [InlineData(Wire)]
        [InlineData("/api/auth/verify-password")]
        public async Task PWD_06_BRF_04_wrong_passwords_count_towards_the_lockout_of_signing_in(string path)
        {
            var alice = house.Stranger("alice");
            await alice.Register("Alice");
            await alice.Login();
            var session = path == V1 ? alice : await alice.InABrowser();
            var body = new
            {
                currentPassword = Phrases.Wrong,
                password = Phrases.Wrong,
                newPassword = Chosen,
            };
            for (var number = 1; number <= 5; number++)
            {
                var refused = await session.PostFrom($"192.0.2.{number}", path, body);
                refused.Expect(path == V1 ? 401 : 400);
            }

            (await session.PostFrom("192.0.2.6", path, body)).Expect(429, "ACCOUNT_LOCKED");
            var signIn = await house
                .Nobody()
                .PostFrom("192.0.2.7", "/api/v1/auth/login", new { email = alice.Email, password = alice.Password });
            signIn.Expect(429, "ACCOUNT_LOCKED");
        }
    }
}
