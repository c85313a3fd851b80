using Mana.Specs.World;

namespace Mana.Specs.SignIn;

public sealed class Signing_in_on_the_page(House house) : IClassFixture<House>
{
    private const string FrontEnd = "http://localhost:3000";

    [Fact]
    public async Task The_right_password_signs_in_and_leads_to_the_account()
    {
        var alice = await house.Person("alice");
        var browser = new Browser(house);

        var done = await browser.FillIn("/sign-in", ("email", $"  {alice.Email.ToUpperInvariant()} "), ("password", alice.Password));

        done.Expect(303);
        Assert.Equal("/account", done.Reply.Header("Location"));
        Assert.True(browser.HasSession);
        Assert.Equal(alice.Email, Screen.Of(await browser.Get("/account")).Expect(200).Text(".who span"));
    }

    [Theory]
    [InlineData("callbackURL")]
    [InlineData("redirectTo")]
    public async Task It_goes_on_to_a_trusted_front_end_and_says_so_before(string name)
    {
        var alice = await house.Person("alice");
        var browser = new Browser(house);
        var path = $"/sign-in?{name}={Uri.EscapeDataString($"{FrontEnd}/room?x=1")}";

        var page = Screen.Of(await browser.Get(path));
        var done = await browser.FillIn(path, ("email", alice.Email), ("password", alice.Password));

        Assert.Contains("localhost:3000", page.Text("main p"), StringComparison.Ordinal);
        Assert.EndsWith($"form-action 'self' {FrontEnd}", page.Reply.Header("Content-Security-Policy"), StringComparison.Ordinal);
        done.Expect(303);
        Assert.Equal($"{FrontEnd}/room?x=1", done.Reply.Header("Location"));
    }

    [Fact]
    public async Task A_wrong_password_and_an_unknown_address_are_refused_alike_and_only_the_address_is_kept()
    {
        var alice = await house.Person("alice");
        var stranger = house.Stranger();

        var wrong = await new Browser(house).FillIn("/sign-in", ("email", alice.Email), ("password", Phrases.Wrong));
        var unknown = await new Browser(house).FillIn("/sign-in", ("email", stranger.Email), ("password", Phrases.Wrong));

        foreach (var (page, email) in new[] { (wrong, alice.Email), (unknown, stranger.Email) })
        {
            page.Expect(401);
            Assert.Equal("INVALID_CREDENTIALS", page.ErrorAt("password"));
            Assert.Equal(email, page.Value("email"));
            Assert.DoesNotContain(Phrases.Wrong, page.Reply.Body, StringComparison.Ordinal);
            Assert.Empty(page.Reply.SetCookies);
            Assert.StartsWith("Problem: ", page.Document.Title, StringComparison.Ordinal);
        }

        Assert.Equal(
            wrong.Reply.Body.Replace(alice.Email, "", StringComparison.Ordinal),
            unknown.Reply.Body.Replace(stranger.Email, "", StringComparison.Ordinal)
        );
    }

    [Theory]
    [InlineData("", "", "VALIDATION", "VALIDATION")]
    [InlineData("alice@", "x", "VALIDATION", null)]
    [InlineData("alice@example.com", "", null, "VALIDATION")]
    public async Task What_is_missing_is_said_beside_its_field(string email, string password, string? emailError, string? passwordError)
    {
        var page = await new Browser(house).FillIn("/sign-in", ("email", email), ("password", password));

        page.Expect(400);
        Assert.Equal(emailError, page.ErrorAt("email"));
        Assert.Equal(passwordError, page.ErrorAt("password"));
        Assert.Equal(email, page.Value("email"));
    }

    [Fact]
    public async Task A_password_longer_than_any_is_refused_like_a_wrong_one()
    {
        var alice = await house.Person("alice");

        var page = await new Browser(house).FillIn("/sign-in", ("email", alice.Email), ("password", new string('x', 129)));

        Assert.Equal("INVALID_CREDENTIALS", page.Expect(401).ErrorAt("password"));
    }

    [Fact]
    public async Task Without_the_tick_the_session_ends_with_the_browser()
    {
        var alice = await house.Person("alice");
        var browser = new Browser(house);
        var page = Screen.Of(await browser.Get("/sign-in"));
        var (path, fields) = Browser.Filled(page.FormTo("/sign-in"), ("email", alice.Email), ("password", alice.Password));

        var remembered = await browser.Post(path, fields);
        fields.Remove("remember");
        var forgotten = await new Browser(house).Post(path, fields);

        Assert.Contains("Max-Age", remembered.SetCookies[0], StringComparison.Ordinal);
        Assert.DoesNotContain("Max-Age", forgotten.Expect(303).SetCookies[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_is_signed_in_already_may_go_on_or_use_another_account()
    {
        var alice = await house.Person("alice");
        var browser = new Browser(house);
        await browser.FillIn("/sign-in", ("email", alice.Email), ("password", alice.Password));
        var path = $"/sign-in?callbackURL={Uri.EscapeDataString(FrontEnd + "/room")}";

        var page = Screen.Of(await browser.Get(path));
        var other = await browser.Submit(page.FormTo("/sign-out"));

        Assert.Equal(alice.Email, page.Expect(200).Text(".who span"));
        Assert.Equal($"{FrontEnd}/room", page.Document.QuerySelector("main a.button")!.GetAttribute("href"));
        other.Expect(303);
        Assert.Equal($"/sign-in?callbackURL={Uri.EscapeDataString(FrontEnd + "/room")}", other.Reply.Header("Location"));
        Assert.False(browser.HasSession);
        Assert.Equal("Sign in", Screen.Of(await browser.Get(path)).Heading);
    }
}

public sealed class Signing_in_on_the_page_before_the_mailbox_is_proved(Emails.VerifyingHouse house) : IClassFixture<Emails.VerifyingHouse>
{
    [Fact]
    public async Task The_right_password_leads_to_another_link_and_opens_no_session()
    {
        var (alice, _, earlier) = await house.SignUp();
        var browser = new Browser(house);

        var page = await browser.FillIn("/sign-in", ("email", alice.Email), ("password", alice.Password));
        page.Expect(403);
        Assert.Equal("EMAIL_NOT_VERIFIED", page.Document.QuerySelector("main [data-code]")!.GetAttribute("data-code"));
        Assert.False(browser.HasSession);

        var renewed = await browser.Submit(page.FormTo("/verify-email/new-link"));
        Assert.Equal("Check your mail", renewed.Expect(200).Heading);
        Assert.True((await browser.Open(await house.LinkAfter(earlier, alice.Email))).Offers("typed"));
    }

    [Fact]
    public async Task A_wrong_password_does_not_tell_that_the_address_waits()
    {
        var (alice, _, _) = await house.SignUp();

        var page = await new Browser(house).FillIn("/sign-in", ("email", alice.Email), ("password", Phrases.Wrong));

        Assert.Equal("INVALID_CREDENTIALS", page.Expect(401).ErrorAt("password"));
    }
}
