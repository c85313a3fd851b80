using Mana.Specs.World;

namespace Mana.Specs.SignUp;

public sealed class Signing_up_on_the_page(House house) : IClassFixture<House>
{
    private const string FrontEnd = "http://localhost:3000/room";

    [Fact]
    public async Task It_signs_in_at_once_where_no_mailbox_has_to_be_proved_first()
    {
        var (alice, browser) = (house.Stranger(), new Browser(house));

        var done = await browser.FillIn(
            $"/sign-up?callbackURL={Uri.EscapeDataString(FrontEnd)}",
            ("name", " Alice "),
            ("email", alice.Email),
            ("new-password", alice.Password)
        );

        done.Expect(303);
        Assert.Equal(FrontEnd, done.Reply.Header("Location"));
        Assert.Equal("Alice", Screen.Of(await browser.Get("/account")).Expect(200).Text(".who strong"));
        Assert.Equal(150, await Balance(alice));
    }

    [Fact]
    public async Task The_name_may_be_left_out()
    {
        var (alice, browser) = (house.Stranger("carol"), new Browser(house));

        (await browser.FillIn("/sign-up", ("email", alice.Email), ("new-password", alice.Password))).Expect(303);

        Assert.StartsWith("carol-", Screen.Of(await browser.Get("/account")).Text(".who strong"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_that_is_too_long_is_cut_between_two_letters()
    {
        var (alice, browser) = (house.Stranger(), new Browser(house));
        var name = new string('a', 254) + "\U0001F600";

        (await browser.FillIn("/sign-up", ("name", name), ("email", alice.Email), ("new-password", alice.Password))).Expect(303);

        Assert.Equal(name[..254], Screen.Of(await browser.Get("/account")).Text(".who strong"));
    }

    [Fact]
    public async Task An_address_that_is_taken_is_said_beside_it_with_the_way_to_sign_in()
    {
        var alice = await house.Person("alice");

        var page = await new Browser(house).FillIn(
            "/sign-up",
            ("name", "Mallory"),
            ("email", alice.Email),
            ("new-password", Phrases.Wrong)
        );

        page.Expect(409);
        Assert.Equal("EMAIL_ALREADY_REGISTERED", page.ErrorAt("email"));
        Assert.Equal("/sign-in", page.Document.QuerySelector("#email-error a")!.GetAttribute("href"));
        Assert.Equal("Mallory", page.Value("name"));
        Assert.DoesNotContain(Phrases.Wrong, page.Reply.Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("alice@", Phrases.Right, "email", "VALIDATION")]
    [InlineData("", Phrases.Right, "email", "VALIDATION")]
    [InlineData("alice@example.com", "short", "new-password", "WEAK_PASSWORD")]
    [InlineData("alice@example.com", "", "new-password", "WEAK_PASSWORD")]
    public async Task What_is_wrong_is_said_beside_its_field_and_the_rest_is_kept(string email, string password, string field, string code)
    {
        var page = await new Browser(house).FillIn("/sign-up", ("name", "Alice"), ("email", email), ("new-password", password));

        page.Expect(400);
        Assert.Equal(code, page.ErrorAt(field));
        Assert.Equal("Alice", page.Value("name"));
        Assert.Equal(email, page.Value("email"));
        Assert.Empty(page.Value("new-password"));
    }

    [Fact]
    public async Task A_password_that_is_too_long_is_refused_and_not_cut()
    {
        var page = await new Browser(house).FillIn("/sign-up", ("email", house.Stranger().Email), ("new-password", new string('x', 129)));

        Assert.Equal("WEAK_PASSWORD", page.Expect(400).ErrorAt("new-password"));
        Assert.Null(page.Document.QuerySelector("#new-password")!.GetAttribute("maxlength"));
    }

    private static async Task<long> Balance(Person person)
    {
        await person.Login();

        return await person.Balance();
    }
}

public sealed class Signing_up_on_the_page_with_a_mailbox_to_prove(Emails.VerifyingHouse house) : IClassFixture<Emails.VerifyingHouse>
{
    [Fact]
    public async Task The_link_in_the_mail_needs_one_click_in_this_browser_and_leads_on()
    {
        var (alice, browser) = (house.Stranger(), new Browser(house));
        var target = $"{Emails.VerifyingHouse.FrontEnd}/welcome";

        var sent = await browser.FillIn(
            $"/sign-up?callbackURL={Uri.EscapeDataString(target)}",
            ("name", "Alice"),
            ("email", alice.Email),
            ("new-password", alice.Password)
        );
        Assert.Equal("Check your mail", sent.Expect(200).Heading);
        Assert.False(browser.HasSession);

        var page = await browser.Open(await house.Mail.LinkTo(alice.Email));
        var done = await browser.Submit(page.Form("keep"));
        done.Expect(303);
        Assert.Equal(target, done.Reply.Header("Location"));
        Assert.True(browser.HasSession);
    }

    [Fact]
    public async Task An_address_somebody_has_gets_the_same_page_and_only_its_owner_learns_more()
    {
        var (alice, _, _) = await house.SignUp();
        var stranger = house.Stranger();

        var known = await SignUp(alice);
        var unknown = await SignUp(stranger);

        Assert.Equal(
            known.Expect(200).Reply.Body.Replace(alice.Email, "", StringComparison.Ordinal),
            unknown.Expect(200).Reply.Body.Replace(stranger.Email, "", StringComparison.Ordinal)
        );
        Assert.Equal(known.Reply.SetCookies.Select(Name), unknown.Reply.SetCookies.Select(Name));

        Task<Screen> SignUp(Person person) =>
            new Browser(house).FillIn("/sign-up", ("email", person.Email), ("new-password", person.Password));

        static string Name(string cookie) => cookie.Split('=')[0];
    }

    [Fact]
    public async Task The_mail_can_be_sent_again()
    {
        var (alice, browser) = (house.Stranger(), new Browser(house));
        var sent = await browser.FillIn("/sign-up", ("email", alice.Email), ("new-password", alice.Password));
        var first = await house.Mail.LinkTo(alice.Email);

        await browser.Submit(sent.FormTo("/verify-email/new-link"));

        Assert.True((await browser.Open(await house.LinkAfter(first, alice.Email))).Offers("keep"));
    }
}

public sealed class Signing_up_on_the_page_when_the_day_is_full(Limiting_sign_ups_of_a_day.SmallHouse house)
    : IClassFixture<Limiting_sign_ups_of_a_day.SmallHouse>
{
    [Fact]
    public async Task It_says_when_to_come_back_and_keeps_what_was_typed()
    {
        Screen page;
        do
        {
            var stranger = house.Stranger();
            page = await new Browser(house).FillIn(
                "/sign-up",
                ("name", "Alice"),
                ("email", stranger.Email),
                ("new-password", stranger.Password)
            );
        } while (page.Reply.Status == 303);

        page.Expect(429);
        Assert.Matches("come back after \\d+ (hours|minutes)", page.Text("[data-code=SIGNUP_LIMIT_REACHED]"));
        Assert.Equal("Alice", page.Value("name"));
    }
}
