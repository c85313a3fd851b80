using Mana.Specs.World;

namespace Mana.Specs.Emails;

/// <summary>Rulings 9 and 12c: the page a mail to a new address leads to. Looking changes nothing; the button does, once.</summary>
public sealed class Confirming_a_new_address_on_the_page(House house) : IClassFixture<House>
{
    [Theory]
    [InlineData("en", "Is this your new address?", "Your address is changed")]
    [InlineData("de", "Ist das deine neue Adresse?", "Deine Adresse ist geändert")]
    public async Task The_button_changes_the_address_and_only_that(string language, string asked, string done)
    {
        var (alice, newEmail, link) = await Wanted();
        var browser = new Browser(house) { Language = language };

        var page = (await browser.Open(link)).Expect(200);
        var changed = (await browser.Submit(page.FormTo("/confirm-email"))).Expect(200);

        Assert.Equal(asked, page.Heading);
        Assert.Equal(done, changed.Heading);
        Assert.False(browser.HasSession);
        (await Login(alice.Email)).Expect(401);
        (await Login(newEmail)).Expect(200);
    }

    [Fact]
    public async Task EML_09_looking_changes_nothing_and_shows_neither_address_whole_nor_a_name()
    {
        var (alice, newEmail, link) = await Wanted();
        var scanner = new Browser(house);

        (await scanner.Head(link)).Expect(200);
        for (var visit = 0; visit < 5; visit++)
        {
            var page = (await scanner.Open(link)).Expect(200);
            Assert.Equal("no-referrer", page.Reply.Header("Referrer-Policy"));
            Assert.DoesNotContain(alice.Email, page.Reply.Body, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain(newEmail, page.Reply.Body, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("Alice", page.Text("main"), StringComparison.OrdinalIgnoreCase);
        }

        (await Login(alice.Email)).Expect(200);
        (await Login(newEmail)).Expect(401);
    }

    [Fact]
    public async Task EML_07_of_fifty_buttons_pressed_at_once_one_changes_the_address()
    {
        var (_, newEmail, link) = await Wanted();
        var browser = new Browser(house);
        var form = Browser.Filled((await browser.Open(link)).FormTo("/confirm-email"));

        var replies = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => new Browser(house).Post(form.Path, form.Values)));

        Assert.Single(replies, reply => reply.Status == 200);
        Assert.All(replies.Where(reply => reply.Status != 200), reply => reply.Expect(400));
        (await Login(newEmail)).Expect(200);
    }

    [Fact]
    public async Task Somebody_else_who_is_signed_in_is_told_and_the_link_stays_good()
    {
        var (_, newEmail, link) = await Wanted();
        var mallory = await house.Person("mallory");
        var browser = new Browser(house);
        (await browser.FillIn("/sign-in", ("email", mallory.Email), ("password", mallory.Password))).Expect(303);

        var refused = await browser.Submit((await browser.Open(link)).FormTo("/confirm-email"));

        Assert.Equal("FORBIDDEN", Code(refused.Expect(403)));
        Assert.NotNull(refused.FormTo("/sign-out"));
        var own = new Browser(house);
        (await own.Submit((await own.Open(link)).FormTo("/confirm-email"))).Expect(200);
        (await Login(newEmail)).Expect(200);
    }

    [Fact]
    public async Task A_used_an_expired_and_an_invented_link_are_told_apart_from_a_good_one()
    {
        var (_, _, used) = await Wanted();
        var (_, _, old) = await Wanted();
        var browser = new Browser(house);
        var form = Browser.Filled((await browser.Open(used)).FormTo("/confirm-email"));
        (await browser.Post(form.Path, form.Values)).Expect(200);

        Assert.Equal("TOKEN_INVALID", Code(Screen.Of(await browser.Post(form.Path, form.Values)).Expect(400)));
        Assert.Equal("TOKEN_INVALID", Code((await browser.Open(new Uri(house.Address, "/confirm-email?token=nonsense"))).Expect(400)));
        house.Clock.Move(TimeSpan.FromHours(2));
        Assert.Equal("TOKEN_EXPIRED", Code((await browser.Open(old)).Expect(401)));
    }

    [Theory]
    [InlineData("https://evil.example")]
    [InlineData("null")]
    public async Task A_form_from_a_foreign_page_changes_nothing(string origin)
    {
        var (alice, _, link) = await Wanted();
        var browser = new Browser(house);
        var form = Browser.Filled((await browser.Open(link)).FormTo("/confirm-email"));

        (await browser.Post(form.Path, form.Values, origin)).Expect(403);

        (await Login(alice.Email)).Expect(200);
    }

    private async Task<(Person Alice, string NewEmail, Uri Link)> Wanted()
    {
        var (alice, newEmail) = (house.Stranger("alice"), $"new-{Guid.NewGuid():N}@example.com");
        await alice.Register("Alice");
        await alice.Login();
        (await alice.Post("/api/v1/auth/change-email", new { newEmail, password = alice.Password })).Expect(200);

        return (alice, newEmail, await house.Mail.LinkTo(newEmail, "/confirm-email"));
    }

    private Task<Reply> Login(string email) => house.Nobody().Post("/api/v1/auth/login", new { email, password = Phrases.Right });

    private static string? Code(Screen page) => page.Document.QuerySelector("main [data-code]")!.GetAttribute("data-code");
}
