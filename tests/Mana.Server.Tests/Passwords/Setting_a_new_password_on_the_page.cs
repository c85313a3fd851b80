using Mana.Specs.World;

namespace Mana.Specs.Passwords;

/// <summary>ENU-03, EML-08, EML-09, EML-14: the pages for whoever forgot their password.</summary>
public sealed class Setting_a_new_password_on_the_page(House house) : IClassFixture<House>
{
    [Fact]
    public async Task The_link_in_the_mail_sets_it_and_signs_every_device_out()
    {
        var alice = await house.Person("alice");
        var browser = new Browser(house);
        await browser.FillIn("/sign-in", ("email", alice.Email), ("password", alice.Password));

        var sent = await browser.FillIn("/forgot-password", ("email", $" {alice.Email.ToUpperInvariant()}"));
        var page = await browser.Open(await house.NextLink(alice.Email, new HashSet<Uri>()));
        var done = await browser.Submit(page.FormTo("/reset-password"), ("new-password", Resets.Chosen));

        Assert.Equal("Check your mail", sent.Expect(200).Heading);
        Assert.Equal("a•••@example.com", page.Expect(200).Text(".who span"));
        Assert.Equal("Your password is set", done.Expect(200).Heading);
        Assert.False(browser.HasSession);
        (await browser.FillIn("/sign-in", ("email", alice.Email), ("password", alice.Password))).Expect(401);
        (await browser.FillIn("/sign-in", ("email", alice.Email), ("password", Resets.Chosen))).Expect(303);
    }

    [Fact]
    public async Task An_address_nobody_has_gets_the_same_page_and_no_mail()
    {
        var (alice, stranger) = (await house.Person("alice"), house.Stranger());

        var known = await new Browser(house).FillIn("/forgot-password", ("email", alice.Email));
        var unknown = await new Browser(house).FillIn("/forgot-password", ("email", stranger.Email));
        await house.Idle();

        Assert.Equal(
            known.Expect(200).Reply.Body.Replace(alice.Email, "", StringComparison.Ordinal),
            unknown.Expect(200).Reply.Body.Replace(stranger.Email, "", StringComparison.Ordinal)
        );
        Assert.DoesNotContain(house.Mail.Mails, mail => mail.Contains(stranger.Email, StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task EML_14_looking_uses_nothing_up_and_tells_nobody_the_address()
    {
        var alice = await house.Person("alice");
        var link = await house.AskForLink(alice.Email);
        var scanner = new Browser(house);

        (await scanner.Head(link)).Expect(200);
        for (var visit = 0; visit < 5; visit++)
        {
            Assert.Equal("no-referrer", (await scanner.Open(link)).Expect(200).Reply.Header("Referrer-Policy"));
        }

        Assert.False(scanner.HasSession);
        await alice.Login();
        var browser = new Browser(house);
        (await browser.Submit((await browser.Open(link)).FormTo("/reset-password"), ("new-password", Resets.Chosen))).Expect(200);
    }

    [Theory]
    [InlineData("short")]
    [InlineData("")]
    public async Task A_weak_one_is_refused_beside_its_field_and_the_link_stays_good(string password)
    {
        var alice = await house.Person("alice");
        var browser = new Browser(house);

        var refused = await browser.Submit(
            (await browser.Open(await house.AskForLink(alice.Email))).FormTo("/reset-password"),
            ("new-password", password)
        );

        Assert.Equal("WEAK_PASSWORD", refused.Expect(400).ErrorAt("new-password"));
        (await browser.Submit(refused.FormTo("/reset-password"), ("new-password", Resets.Chosen))).Expect(200);
    }

    [Fact]
    public async Task A_used_an_expired_and_an_invented_link_lead_on_to_another()
    {
        var alice = await house.Person("alice");
        var browser = new Browser(house);
        var link = await house.AskForLink(alice.Email);
        var form = Browser.Filled((await browser.Open(link)).FormTo("/reset-password"), ("new-password", Resets.Chosen));
        await browser.Post(form.Path, form.Values);

        var used = Screen.Of(await browser.Post(form.Path, form.Values));
        var invented = await browser.Open(new Uri(house.Address, "/reset-password?token=nonsense"));
        var later = await house.AskForLink((await house.Person("bob")).Email);
        house.Clock.Move(TimeSpan.FromHours(2));
        var expired = await browser.Open(later);

        Assert.Equal("TOKEN_INVALID", Code(used.Expect(400)));
        Assert.Equal("TOKEN_INVALID", Code(invented.Expect(400)));
        Assert.Equal("TOKEN_EXPIRED", Code(expired.Expect(401)));
        Assert.All([used, invented, expired], page => Assert.NotNull(page.Document.QuerySelector("main a[href='/forgot-password']")));
    }

    [Theory]
    [InlineData("https://evil.example")]
    [InlineData("null")]
    [InlineData("")]
    public async Task A_form_from_a_foreign_page_sets_nothing(string origin)
    {
        var alice = await house.Person("alice");
        var browser = new Browser(house);
        var form = Browser.Filled(
            (await browser.Open(await house.AskForLink(alice.Email))).FormTo("/reset-password"),
            ("new-password", Resets.Chosen)
        );

        (await browser.Post(form.Path, form.Values, origin)).Expect(403);

        await alice.Login();
    }

    private static string? Code(Screen page) => page.Document.QuerySelector("main [data-code]")!.GetAttribute("data-code");
}
