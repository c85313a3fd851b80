using Mana.Specs.World;

namespace Mana.Specs.Emails;

public sealed class Attacking_the_verification_page(VerifyingHouse house) : IClassFixture<VerifyingHouse>
{
    [Theory]
    [InlineData("https://evil.example")]
    [InlineData("null")]
    [InlineData("")]
    public async Task A_form_from_a_foreign_page_is_refused(string origin)
    {
        var (alice, browser, link) = await house.SignUp();
        var (path, fields) = Browser.Filled((await browser.Open(link)).Form("keep"));

        var refused = Screen.Of(await browser.Post(path, fields, origin));

        refused.Expect(403);
        Assert.Equal("FORBIDDEN", refused.Document.QuerySelector("main [data-code]")!.GetAttribute("data-code"));
        Assert.False(browser.HasSession);
        Assert.False(await house.IsVerified(alice.Email));
    }

    [Theory]
    [InlineData("https://evil.example/welcome")]
    [InlineData("//evil.example")]
    [InlineData("/\\evil.example")]
    [InlineData("javascript:alert(1)")]
    [InlineData("http://localhost:3000@evil.example")]
    public async Task A_target_that_is_not_trusted_is_not_followed(string target)
    {
        var (_, browser, link) = await house.SignUp();
        var tampered = new Uri($"{link}&callbackURL={Uri.EscapeDataString(target)}");

        var page = await browser.Open(tampered);
        Assert.EndsWith("form-action 'self'", page.Reply.Header("Content-Security-Policy"), StringComparison.Ordinal);
        Assert.DoesNotContain("evil", page.Reply.Body, StringComparison.Ordinal);
        var (path, fields) = Browser.Filled(page.Form("keep"));
        fields["callbackURL"] = target;
        var done = Screen.Of(await browser.Post(path, fields));

        done.Expect(200);
        Assert.Null(done.Reply.Header("Location"));
        Assert.Equal("http://localhost:5173/", done.Document.QuerySelector("main a.button")!.GetAttribute("href"));
    }

    [Fact]
    public async Task What_somebody_called_themselves_is_text_and_never_markup()
    {
        const string name = "<script>alert(1)</script>\"'&";
        var (alice, browser, link) = await house.SignUp(name);

        var page = await browser.Open(link);

        Assert.Empty(page.Document.QuerySelectorAll("script:not([src])"));
        Assert.Equal(name, page.Text(".who strong"));
        Assert.DoesNotContain(alice.Email, page.Reply.Body, StringComparison.Ordinal);
        Assert.Equal("s•••@example.com", page.Text(".who span"));
    }

    [Fact]
    public async Task The_link_is_built_from_the_configured_address_whatever_the_host_header_says()
    {
        var mallory = house.Stranger();
        var body = new
        {
            email = mallory.Email,
            password = mallory.Password,
            name = "Mallory",
        };

        var reply = await mallory.Send(
            HttpMethod.Post,
            "/api/v1/auth/register",
            System.Net.Http.Json.JsonContent.Create(body),
            ("Host", "evil"),
            ("X-Forwarded-Host", "evil.example")
        );

        reply.Expect(201);
        Assert.Equal(house.Address.Authority, (await house.Mail.LinkTo(mallory.Email)).Authority);
    }

    [Theory]
    [InlineData("application/json", "{}", 415)]
    [InlineData("multipart/form-data; boundary=x", "--x--", 415)]
    [InlineData("application/x-www-form-urlencoded", "token=%00", 400)]
    [InlineData("application/x-www-form-urlencoded", "token=a&token=b", 400)]
    public async Task A_body_that_is_no_form_of_ours_is_refused_as_a_page(string mediaType, string body, int status)
    {
        var reply = await house
            .Nobody()
            .Send(
                HttpMethod.Post,
                "/verify-email",
                new StringContent(body, null, System.Net.Http.Headers.MediaTypeHeaderValue.Parse(mediaType)),
                ("Sec-Fetch-Site", "same-origin")
            );

        reply.Expect(status);
        Assert.StartsWith("text/html", reply.Header("Content-Type"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_form_larger_than_the_limit_is_refused()
    {
        var fields = new Dictionary<string, string> { ["token"] = new string('x', 101 * 1024) };

        (await new Browser(house).Post("/verify-email", fields)).Expect(413);
    }
}
