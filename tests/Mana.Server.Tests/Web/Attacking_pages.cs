using Mana.Specs.World;

namespace Mana.Specs.Web;

/// <summary>
/// WEB-05: no page leads anybody to a place a stranger wrote into a link. WEB-07: whatever a page repeats is text. WEB-01: a form posted from
/// elsewhere does nothing, so nobody is signed in to a stranger's account.
/// </summary>
public sealed class Attacking_pages(House house) : IClassFixture<House>
{
    private const string Markup = "\"'><svg onload=alert(1)></script><script>alert(1)</script>";

    public static TheoryData<string> ForeignTargets =>
        [
            "https://evil.example/welcome",
            "//evil.example",
            "/\\evil.example",
            "https:evil.example",
            "javascript:alert(1)//evil",
            "http://localhost:3000@evil.example",
            "http://localhost:3000.evil.example",
            "http://evil.example\\@localhost:3000",
            "/\t/evil.example",
            "http://localhost:3000\r\nLocation: https://evil.example",
            "/%2f/evil.example",
            "evil" + new string('x', 3_000),
        ];

    public static TheoryData<string> Pages => ["/sign-in", "/sign-up", "/verify-email", "/", "/api/auth/error", "/account", "/nowhere"];

    [Theory]
    [MemberData(nameof(ForeignTargets))]
    public async Task WEB_05_a_target_that_is_not_trusted_is_neither_shown_nor_followed(string target)
    {
        var alice = await house.Person("alice");
        var browser = new Browser(house);
        foreach (var path in new[] { "/sign-in", "/sign-up" })
        {
            var page = Screen.Of(
                await browser.Get($"{path}?callbackURL={Uri.EscapeDataString(target)}&redirectTo={Uri.EscapeDataString(target)}")
            );

            Assert.DoesNotContain("evil", page.Expect(200).Reply.Body, StringComparison.Ordinal);
            Assert.EndsWith("form-action 'self'", page.Reply.Header("Content-Security-Policy"), StringComparison.Ordinal);
        }

        var (action, fields) = Browser.Filled(
            Screen.Of(await browser.Get("/sign-in")).FormTo("/sign-in"),
            ("email", alice.Email),
            ("password", alice.Password)
        );
        fields["callbackURL"] = target;
        var signedIn = await browser.Post(action, fields);
        var signedOut = await browser.Post("/sign-out", new Dictionary<string, string> { ["callbackURL"] = target });

        Assert.Equal("/account", signedIn.Expect(303).Header("Location"));
        Assert.Equal("/sign-in?signed-out", signedOut.Expect(303).Header("Location"));
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task WEB_07_whatever_an_address_says_stays_text(string path)
    {
        var value = Uri.EscapeDataString(Markup);
        var query = string.Join(
            '&',
            "callbackURL redirectTo error error_description token email name signed-out x".Split(' ').Select(name => $"{name}={value}")
        );

        var page = Screen.Of(await new Browser(house).Get($"{path}?{query}&{value}={value}"));

        Assert.Empty(page.Document.QuerySelectorAll("[onload], script:not([src]), svg:not([viewBox])"));
        Assert.DoesNotContain("unsafe", page.Reply.Header("Content-Security-Policy"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task WEB_07_whatever_is_typed_into_a_form_stays_text()
    {
        var signIn = await new Browser(house).FillIn("/sign-in", ("email", Markup), ("password", Markup));
        var signUp = await new Browser(house).FillIn("/sign-up", ("name", Markup), ("email", Markup), ("new-password", Markup));

        Assert.Equal(Markup, signIn.Expect(400).Value("email"));
        Assert.Equal(Markup, signUp.Expect(400).Value("name"));
        Assert.Equal(Markup, signUp.Value("email"));
        foreach (var page in new[] { signIn, signUp })
        {
            Assert.Empty(page.Document.QuerySelectorAll("[onload], script:not([src]), svg:not([viewBox])"));
        }
    }

    [Theory]
    [InlineData("https://evil.example")]
    [InlineData("null")]
    [InlineData("")]
    public async Task WEB_01_a_form_from_a_foreign_page_signs_nobody_in_up_or_out(string origin)
    {
        var (alice, mallory) = (await house.Person("alice"), house.Stranger());
        var browser = new Browser(house);
        await browser.FillIn("/sign-in", ("email", alice.Email), ("password", alice.Password));
        var signIn = new Dictionary<string, string> { ["email"] = alice.Email, ["password"] = alice.Password };
        var signUp = new Dictionary<string, string> { ["email"] = mallory.Email, ["new-password"] = mallory.Password };

        var replies = new[]
        {
            await browser.Post("/sign-in", signIn, origin),
            await browser.Post("/sign-up", signUp, origin),
            await browser.Post("/sign-out", new Dictionary<string, string>(), origin),
        };

        Assert.All(replies, reply => Assert.Empty(reply.Expect(403).SetCookies));
        (await browser.Get("/account")).Expect(200);
        (await mallory.Post("/api/v1/auth/login", new { email = mallory.Email, password = mallory.Password })).Expect(401);
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task Every_page_carries_the_headers_of_a_page(string path)
    {
        var reply = await new Browser(house).Get(path);

        var policy = reply.Header("Content-Security-Policy")!;
        Assert.StartsWith("default-src 'none'; script-src 'self'; style-src 'self';", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.Contains("max-age=31536000", reply.Header("Strict-Transport-Security"), StringComparison.Ordinal);
        Assert.Equal("nosniff", reply.Header("X-Content-Type-Options"));
        Assert.Equal("DENY", reply.Header("X-Frame-Options"));
        Assert.Equal("no-store", reply.Header("Cache-Control"));
        Assert.Null(reply.Header("Server"));
        Assert.NotNull(reply.Header("Referrer-Policy"));
    }
}
