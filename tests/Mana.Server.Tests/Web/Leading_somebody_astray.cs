using System.Net.Http.Json;
using Mana.Specs.World;

namespace Mana.Specs.Web;

/// <summary>WEB-05 and WEB-06: neither a parameter nor a header of a stranger decides where an answer or a mail leads.</summary>
public sealed class Leading_somebody_astray(FrontHouse house) : IClassFixture<FrontHouse>
{
    public static TheoryData<string> ForeignTargets =>
        [
            "//evil.test",
            "/\\evil.test",
            "\\\\evil.test",
            "/%2fevil.test",
            "/%5Cevil.test",
            "https:evil.test",
            "https:/evil.test",
            "https:///evil.test",
            "https://app.mana.how@evil.test",
            "https://app.mana.how:443@evil.test/",
            "https://app.mana.how\\@evil.test",
            "https://app.mana.how.evil.test/",
            "https://evilapp.mana.how.test/",
            "https://app.mana.how./",
            "https://app.mana.hоw/", // a Cyrillic o
            "https://xn--app-mana-how.test/",
            "https://app.mana.how:8443/",
            "http://app.mana.how/",
            "javascript:alert(1)",
            "JaVaScRiPt:alert(1)",
            "data:text/html,x",
            "ftp://app.mana.how/",
            "https://ev\til.test/",
            "/\t/evil.test",
            "/\n/evil.test",
            "/ok\r\nLocation: https://evil.test",
            "relative",
            "https://evil.test/?https://app.mana.how",
            "https://evil.test#https://app.mana.how",
            "manas://x",
            "https://" + new string('e', 10_000) + ".test/",
        ];

    [Theory]
    [MemberData(nameof(ForeignTargets))]
    public async Task WEB_05_a_target_nobody_trusts_is_refused_wherever_it_stands(string target)
    {
        var person = house.Stranger();
        var encoded = Uri.EscapeDataString(target);
        var asked = new[]
        {
            await Post(
                "/api/auth/sign-in/email",
                new
                {
                    email = person.Email,
                    password = person.Password,
                    callbackURL = target,
                }
            ),
            await Post(
                "/api/auth/sign-up/email",
                new
                {
                    email = person.Email,
                    password = person.Password,
                    name = "x",
                    callbackURL = target,
                }
            ),
            await Post("/api/auth/send-verification-email", new { email = person.Email, callbackURL = target }),
            await Post("/api/auth/sign-out", new { redirectTo = target }),
            await Post("/api/auth/sign-out", new { errorCallbackURL = target }),
            await Post("/api/auth/sign-out", new { newUserCallbackURL = target }),
            await Post($"/api/auth/sign-out?callbackURL={encoded}", new { }),
            await house.Nobody().Get($"/api/auth/verify-email?token=abc&callbackURL={encoded}"),
        };

        Assert.All(asked, reply => Assert.True(reply.Status is 403 or 414, $"{reply.Status}")); // 414 where the address is too long to read
        Assert.All(asked, reply => Assert.Null(reply.Header("Location")));
        Assert.DoesNotContain(house.Mail.Mails, mail => mail.Contains(person.Email, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("/welcome?x=1#y")]
    [InlineData("https://app.mana.how/welcome")]
    [InlineData("https://APP.mana.how/welcome")]
    [InlineData("https://a.b.apps.mana.how/")]
    [InlineData("mana://welcome")]
    public async Task WEB_05_a_target_of_ours_is_followed(string target)
    {
        var reply = await house.Nobody().Get($"/api/auth/verify-email?token=abc&callbackURL={Uri.EscapeDataString(target)}");

        Assert.StartsWith(target.Split('?', '#')[0], reply.Expect(302).Header("Location"), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task WEB_05_what_a_stranger_asks_for_an_address_does_not_stay_with_it()
    {
        var alice = house.Stranger("alice");
        await Post(
            "/api/auth/sign-up/email",
            new
            {
                email = alice.Email,
                password = alice.Password,
                name = "Alice",
                callbackURL = "/mine",
            }
        );
        await house.Idle();
        (await Post("/api/auth/send-verification-email", new { email = alice.Email, callbackURL = "https://evil.test" })).Expect(403);
        (await Post("/api/auth/send-verification-email", new { email = alice.Email, callbackURL = "https://x.apps.mana.how/" })).Expect(
            200
        );

        (await Post("/api/auth/send-verification-email", new { email = alice.Email })).Expect(200);
        await house.Idle();

        var link = await house.Mail.LinkTo(alice.Email);
        Assert.DoesNotContain("apps.mana.how", Uri.UnescapeDataString(link.AbsoluteUri), StringComparison.Ordinal);
        Assert.DoesNotContain("evil", Uri.UnescapeDataString(link.AbsoluteUri), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("evil.test")]
    [InlineData("evil.test:443")]
    [InlineData("localhost.evil.test")]
    [InlineData("127.0.0.1.evil.test")]
    public async Task WEB_06_a_name_of_a_stranger_is_not_served(string host)
    {
        foreach (var path in new[] { "/api/auth/ok", "/api/v1/health", "/", "/assets/app.css", "/dev/mail.json", "/health/live" })
        {
            var reply = await house.Nobody().Send(HttpMethod.Get, path, null, ("Host", host));

            Assert.True(reply.Status == 421, $"{path} is {reply.Status}");
            Assert.Empty(reply.SetCookies);
        }
    }

    [Theory]
    [InlineData("localhost:3001")]
    [InlineData("mana-core-auth:3001")]
    [InlineData("127.0.0.1")]
    [InlineData("[::1]:3001")]
    public async Task WEB_06_our_own_names_and_those_of_neighbours_are(string host)
    {
        (await house.Nobody().Send(HttpMethod.Get, "/api/auth/ok", null, ("Host", host))).Expect(200);
    }

    [Theory]
    [InlineData("X-Forwarded-Host", "evil.test")]
    [InlineData("X-Forwarded-Proto", "gopher")]
    [InlineData("X-Forwarded-Prefix", "/evil")]
    [InlineData("X-Original-Host", "evil.test")]
    [InlineData("Forwarded", "host=evil.test;proto=gopher")]
    [InlineData("Host", "evil")]
    public async Task WEB_06_a_mail_leads_to_the_configured_address_whatever_the_headers_say(string name, string value)
    {
        var mallory = house.Stranger();
        var body = new
        {
            email = mallory.Email,
            password = mallory.Password,
            name = "Mallory",
        };

        (await mallory.Send(HttpMethod.Post, "/api/auth/sign-up/email", JsonContent.Create(body), (name, value))).Expect(200);
        await house.Idle();

        var link = await house.Mail.LinkTo(mallory.Email);
        Assert.StartsWith(house.Address.AbsoluteUri + "api/auth/verify-email?token=", link.AbsoluteUri, StringComparison.Ordinal);
        Assert.DoesNotContain("evil", link.AbsoluteUri, StringComparison.Ordinal);
    }

    private Task<Reply> Post(string path, object body) => house.Nobody().Post(path, body);
}
