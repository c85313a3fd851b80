using Mana.Specs.World;

namespace Mana.Specs.Me;

/// <summary>The wire's <c>delete-user</c> as the reference has it with a mail: whatever was shown before, the link erases.</summary>
public sealed class Erasing_oneself_by_mail(ErasingByMailHouse house) : IClassFixture<ErasingByMailHouse>
{
    private const string Bye = "http://localhost:3000/bye";

    [Fact]
    public async Task The_link_erases_whoever_is_signed_in_and_it_was_mailed_to()
    {
        var (alice, browser, link) = await Asked(new { callbackURL = Bye });
        var mallory = await (await house.Person("mallory")).InABrowser();

        Assert.StartsWith("/api/auth/delete-user/callback?token=", link.PathAndQuery, StringComparison.Ordinal);
        Assert.Equal(
            """{"message":"Failed to get user info","code":"FAILED_TO_GET_USER_INFO"}""",
            (await house.Nobody().Get(link.PathAndQuery)).Expect(404).Body
        );
        (await mallory.Get(link.PathAndQuery)).Expect(404, "INVALID_TOKEN");
        (await browser.Get("/api/auth/delete-user/callback?token=bad")).Expect(404, "INVALID_TOKEN");
        (await browser.Get("/api/auth/delete-user/callback?token=bad&callbackURL=https://evil.example.net")).Expect(
            403,
            "INVALID_CALLBACK_URL"
        );
        (await browser.Get("/api/auth/delete-user/callback")).Expect(400, "VALIDATION_ERROR");
        Assert.Equal(1, await Rows(alice));

        var reply = (await browser.Get(link.PathAndQuery)).Expect(302);

        Assert.Equal(Bye, reply.Header("Location"));
        Assert.Equal(3, reply.SetCookies.Count(cookie => cookie.Contains("=; Max-Age=0;", StringComparison.Ordinal)));
        Assert.Equal(0, await Rows(alice));
    }

    [Fact]
    public async Task The_right_password_is_mailed_too_and_the_secret_may_come_in_the_body()
    {
        var (alice, browser, link) = await Asked(new { password = Phrases.Right });
        var token = System.Web.HttpUtility.ParseQueryString(link.Query)["token"];

        var reply = await browser.Post("/api/auth/delete-user", new { token });

        Assert.Equal("""{"success":true,"message":"User deleted"}""", reply.Expect(200).Body);
        Assert.Equal(3, reply.SetCookies.Count);
        Assert.Equal(0, await Rows(alice));
    }

    [Fact]
    public async Task A_wrong_password_mails_nothing()
    {
        var (alice, browser, _) = await Asked(new { });
        var before = house.Mail.TextsTo(alice.Email).Count();

        (await browser.Post("/api/auth/delete-user", new { password = Phrases.Wrong })).Expect(400, "INVALID_PASSWORD");

        await house.Idle();
        Assert.Equal(before, house.Mail.TextsTo(alice.Email).Count());
    }

    [Fact]
    public async Task EML_07_of_fifty_parallel_clicks_one_erases()
    {
        var (alice, browser, link) = await Asked(new { });
        var path = link.PathAndQuery.Split("&callbackURL")[0];

        var replies = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => browser.Get(path)));

        Assert.Single(replies, reply => reply.Status == 200);
        Assert.All(replies.Where(reply => reply.Status != 200), reply => Assert.Equal(404, reply.Status));
        Assert.Equal(0, await Rows(alice));
        await house.Idle();
        Assert.Single(house.Mail.TextsTo(alice.Email), text => text.Contains("This cannot be undone", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_expired_link_and_one_of_an_earlier_mail_erase_nobody()
    {
        var (alice, browser, first) = await Asked(new { });
        var second = await Again(browser, alice);

        (await browser.Get(first.PathAndQuery)).Expect(404, "INVALID_TOKEN");
        house.Clock.Move(TimeSpan.FromHours(24));
        (await browser.Get(second.PathAndQuery)).Expect(404, "INVALID_TOKEN");

        Assert.Equal(1, await Rows(alice));
    }

    public sealed class While_limits_are_on(LimitedErasingHouse house) : IClassFixture<LimitedErasingHouse>
    {
        [Fact]
        public async Task A_right_password_ends_the_count_of_wrong_ones()
        {
            var alice = await house.Person("alice");
            var browser = await alice.InABrowser();

            for (var round = 0; round < 3; round++)
            {
                for (var count = 0; count < 2; count++)
                {
                    (await browser.Post("/api/auth/delete-user", new { password = Phrases.Wrong })).Expect(400, "INVALID_PASSWORD");
                }

                (await browser.Post("/api/auth/delete-user", new { password = Phrases.Right })).Expect(200);
            }

            Assert.Equal(0, await house.Database.Read<long>("select count(*) from auth.login_attempts where email = $1", alice.Email));
        }
    }

    private async Task<(Person Alice, Person Browser, Uri Link)> Asked(object body)
    {
        var alice = await house.Person("alice");
        var browser = await alice.InABrowser();
        Assert.Equal(
            """{"success":true,"message":"Verification email sent"}""",
            (await browser.Post("/api/auth/delete-user", body)).Expect(200).Body
        );
        await house.Idle();

        return (alice, browser, await house.Mail.LinkTo(alice.Email, "/api/auth/delete-user/callback"));
    }

    private async Task<Uri> Again(Person browser, Person alice)
    {
        (await browser.Post("/api/auth/delete-user", new { })).Expect(200);
        await house.Idle();

        return await house.Mail.LinkTo(alice.Email, "/api/auth/delete-user/callback");
    }

    private Task<long> Rows(Person person) => house.Database.Read<long>("select count(*) from auth.users where id = $1", person.Id);
}

public sealed class LimitedErasingHouse : DirectHouse
{
    protected override void Configure(Dictionary<string, string> environment)
    {
        base.Configure(environment);
        environment["DELETE_USER_BY_MAIL"] = "on";
        environment["RATE_LIMITS"] = "on";
    }
}

public sealed class ErasingByMailHouse : DirectHouse
{
    protected override void Configure(Dictionary<string, string> environment)
    {
        base.Configure(environment);
        environment["DELETE_USER_BY_MAIL"] = "on";
    }
}
