using Mana.Specs.World;

namespace Mana.Specs.Emails;

/// <summary>EML-12, ruling 12c: the wire's change of address by a link to the new one.</summary>
public sealed class Changing_an_address(DirectHouse house) : IClassFixture<DirectHouse>
{
    [Fact]
    public async Task Nothing_changes_before_the_link_is_followed_and_both_addresses_are_written_to()
    {
        var (alice, browser, wanted) = await Alice();

        var reply = await browser.Post("/api/auth/change-email", new { newEmail = wanted.ToUpperInvariant(), callbackURL = "/done" });

        Assert.Equal("""{"status":true}""", reply.Expect(200).Body);
        Assert.Equal(alice.Email, await AddressOf(alice));
        var link = await house.Mail.LinkTo(wanted);
        Assert.StartsWith("/api/auth/verify-email?token=", link.PathAndQuery, StringComparison.Ordinal);
        Assert.EndsWith("&callbackURL=%2Fdone", link.PathAndQuery, StringComparison.Ordinal);
        await house.Idle();
        var notice = Assert.Single(house.Mail.TextsTo(alice.Email), text => text.Contains("was asked for", StringComparison.Ordinal));
        Assert.DoesNotContain("http", notice, StringComparison.Ordinal);

        var followed = await browser.Get(link.PathAndQuery);

        Assert.Equal("/done", followed.Expect(302).Header("Location"));
        Assert.StartsWith(browser.Cookies!, Assert.Single(followed.SetCookies), StringComparison.Ordinal);
        Assert.NotNull(followed.Header("set-auth-token"));
        Assert.Equal(wanted, await AddressOf(alice));
        var session = (await browser.Get("/api/auth/get-session")).Expect(200);
        Assert.Equal(wanted, session.Json.GetProperty("user").GetProperty("email").GetString());
        await house.Idle();
        Assert.Single(house.Mail.TextsTo(alice.Email), text => text.Contains("Nobody can sign in with this one", StringComparison.Ordinal));
        (await house.Nobody().Post("/api/v1/auth/login", new { email = wanted, password = alice.Password })).Expect(200);
        (await house.Nobody().Post("/api/v1/auth/login", new { email = alice.Email, password = alice.Password })).Expect(401);
        Assert.Equal(["EMAIL_CHANGE_REQUESTED", "EMAIL_VERIFIED"], await ChangeEvents(alice));
    }

    [Fact]
    public async Task A_browser_without_a_session_may_follow_the_link_and_is_shown_the_person()
    {
        var (alice, browser, wanted) = await Alice();
        var isVerified = await house.Database.Read<bool>("select email_verified from auth.users where id = $1", alice.Id);
        var link = await Asked(browser, wanted);

        var reply = (await house.Nobody().Get(WithoutCallback(link))).Expect(200);

        Assert.True(reply.Json.GetProperty("status").GetBoolean());
        Assert.Equal(wanted, reply.Json.GetProperty("user").GetProperty("email").GetString());
        Assert.Equal(isVerified, reply.Json.GetProperty("user").GetProperty("emailVerified").GetBoolean());
        Assert.Empty(reply.SetCookies);
    }

    [Fact]
    public async Task Whoever_else_is_signed_in_is_refused_and_the_link_stays_good()
    {
        var (alice, browser, wanted) = await Alice();
        var mallory = await (await house.Person("mallory")).InABrowser();
        var link = await Asked(browser, wanted);

        Assert.Equal("/?error=INVALID_USER", (await mallory.Get(link.PathAndQuery)).Expect(302).Header("Location"));
        (await mallory.Get(WithoutCallback(link))).Expect(401, "INVALID_USER");
        Assert.Equal(alice.Email, await AddressOf(alice));

        (await browser.Get(link.PathAndQuery)).Expect(302);
        Assert.Equal(wanted, await AddressOf(alice));
    }

    [Fact]
    public async Task EML_07_of_fifty_parallel_clicks_one_changes_the_address()
    {
        var (alice, browser, wanted) = await Alice();
        var link = WithoutCallback(await Asked(browser, wanted));

        var replies = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => house.Nobody().Get(link)));

        Assert.Single(replies, reply => reply.Status == 200);
        Assert.All(replies.Where(reply => reply.Status != 200), reply => reply.Expect(401, "INVALID_TOKEN"));
        Assert.Equal(wanted, await AddressOf(alice));
        await house.Idle();
        Assert.Single(house.Mail.TextsTo(alice.Email), text => text.Contains("Nobody can sign in with this one", StringComparison.Ordinal));
        Assert.Single(await ChangeEvents(alice), type => type == "EMAIL_VERIFIED");
    }

    [Fact]
    public async Task EML_08_a_used_an_expired_a_superseded_and_a_foreign_secret_change_nothing()
    {
        var (alice, browser, wanted) = await Alice();
        var other = $"other-{wanted}";
        var first = await Asked(browser, wanted);
        var second = await Asked(browser, other);

        Assert.Equal("/?error=TOKEN_EXPIRED", (await browser.Get(first.PathAndQuery)).Expect(302).Header("Location"));
        (await browser.Get(second.PathAndQuery)).Expect(302);
        Assert.Equal(other, await AddressOf(alice));
        Assert.Equal("/?error=INVALID_TOKEN", (await browser.Get(second.PathAndQuery)).Expect(302).Header("Location"));
        Assert.Equal("/?error=INVALID_TOKEN", (await browser.Get(first.PathAndQuery)).Expect(302).Header("Location"));

        var third = await Asked(browser, wanted);
        house.Clock.Move(TimeSpan.FromMinutes(61));
        Assert.Equal("/?error=TOKEN_EXPIRED", (await browser.Get(third.PathAndQuery)).Expect(302).Header("Location"));
        var secret = System.Web.HttpUtility.ParseQueryString(third.Query)["token"];
        (await browser.Get($"/api/auth/delete-user/callback?token={secret}")).Expect(404, "INVALID_TOKEN");
        (await browser.Post("/api/auth/delete-user", new { token = secret })).Expect(404, "INVALID_TOKEN");
        Assert.Equal(other, await AddressOf(alice));
    }

    [Fact]
    public async Task A_wish_lapses_with_the_session_that_asked()
    {
        var (alice, browser, wanted) = await Alice();
        var link = await Asked(browser, wanted);

        await browser.Post("/api/auth/sign-out");

        (await house.Nobody().Get(WithoutCallback(link))).Expect(401, "INVALID_TOKEN");
        Assert.Equal(alice.Email, await AddressOf(alice));
    }

    [Fact]
    public async Task A_wish_lapses_when_the_session_that_asked_expires()
    {
        var (alice, browser, wanted) = await Alice();
        var link = await Asked(browser, wanted);
        await house.Database.Tamper(
            "update auth.sessions set expires_at = $2, refresh_expires_at = $2 where user_id = $1",
            alice.Id,
            house.Clock.GetUtcNow().UtcDateTime.AddSeconds(-1)
        );

        (await house.Nobody().Get(WithoutCallback(link))).Expect(401, "INVALID_TOKEN");
        Assert.Equal(alice.Email, await AddressOf(alice));
    }

    [Fact]
    public async Task An_address_that_was_registered_meanwhile_is_an_invalid_link()
    {
        var (alice, browser, wanted) = await Alice();
        var link = await Asked(browser, wanted);
        await new Person(house, wanted, Phrases.Right).Register("Quicker");

        (await house.Nobody().Get(WithoutCallback(link))).Expect(401, "INVALID_TOKEN");

        Assert.Equal(alice.Email, await AddressOf(alice));
    }

    [Fact]
    public async Task ENU_04_a_taken_address_is_answered_alike_and_only_its_owner_is_told()
    {
        var (alice, browser, wanted) = await Alice();
        var bob = await house.Person("bob");

        var free = await browser.Post("/api/auth/change-email", new { newEmail = wanted });
        var taken = await browser.Post("/api/auth/change-email", new { newEmail = bob.Email });

        Assert.Equal(free.Expect(200).Body, taken.Expect(200).Body);
        Assert.Equal(Names(free), Names(taken));
        await house.Idle();
        var told = Assert.Single(house.Mail.TextsTo(bob.Email), text => text.Contains("belongs to one already", StringComparison.Ordinal));
        Assert.DoesNotContain("http", told, StringComparison.Ordinal);
        Assert.Equal(2, house.Mail.TextsTo(alice.Email).Count(text => text.Contains("was asked for", StringComparison.Ordinal)));
        Assert.Equal(alice.Email, await AddressOf(alice));
    }

    [Fact]
    public async Task What_cannot_be_wished_for_is_refused_in_the_order_of_the_reference()
    {
        var (alice, browser, wanted) = await Alice();

        Assert.Equal(
            """{"message":"Email is the same"}""",
            (await browser.Post("/api/auth/change-email", new { newEmail = alice.Email.ToUpperInvariant() })).Expect(400).Body
        );
        Assert.Equal(
            """{"message":"[body.newEmail] Invalid email address","code":"VALIDATION_ERROR"}""",
            (await browser.Post("/api/auth/change-email", new { newEmail = "bad" })).Expect(400).Body
        );
        (await browser.Post("/api/auth/change-email", new { newEmail = wanted, callbackURL = "https://evil.example.net" })).Expect(
            403,
            "INVALID_CALLBACK_URL"
        );
        (await house.Nobody().Post("/api/auth/change-email", new { newEmail = wanted })).Expect(401, "UNAUTHORIZED");
        (await house.Nobody().Post("/api/auth/change-email", new { newEmail = "bad" })).Expect(400, "VALIDATION_ERROR");
        house.Clock.Move(TimeSpan.FromHours(25));
        (await browser.Post("/api/auth/change-email", new { newEmail = wanted })).Expect(403, "SESSION_NOT_FRESH");
        (await browser.Post("/api/auth/change-email", new { newEmail = alice.Email })).Expect(403, "SESSION_NOT_FRESH");
        Assert.Equal(alice.Email, await AddressOf(alice));
    }

    private async Task<(Person Alice, Person Browser, string Wanted)> Alice()
    {
        var alice = await house.Person("alice");

        return (alice, await alice.InABrowser(), $"new-{Guid.NewGuid():N}@example.com");
    }

    private async Task<Uri> Asked(Person browser, string wanted)
    {
        (await browser.Post("/api/auth/change-email", new { newEmail = wanted })).Expect(200);
        await house.Idle();

        return await house.Mail.LinkTo(wanted);
    }

    private static string WithoutCallback(Uri link) => link.PathAndQuery.Split("&callbackURL")[0];

    private static IEnumerable<string> Names(Reply reply) => reply.Headers.Keys.Order(StringComparer.Ordinal);

    private Task<string> AddressOf(Person person) => house.Database.Read<string>("select email from auth.users where id = $1", person.Id);

    private async Task<string[]> ChangeEvents(Person person) =>
        await house.Database.Read<string[]>(
            "select array_agg(event_type order by event_type) from auth.security_events where user_id = $1 and event_type like 'EMAIL%'",
            person.Id
        );
}
