using Mana.Specs.World;

namespace Mana.Specs.Me;

/// <summary>Rulings 9 and 12b: the page a mail about erasing leads to. Looking erases nobody; the button does, where the person is signed in.</summary>
public sealed class Confirming_an_erasure_on_the_page(ErasingByPageHouse house) : IClassFixture<ErasingByPageHouse>
{
    [Theory]
    [InlineData("en", "Erase your account?", "Your account is erased")]
    [InlineData("de", "Konto löschen?", "Dein Konto ist gelöscht")]
    public async Task Whoever_is_signed_in_presses_one_button(string language, string asked, string done)
    {
        var (alice, browser, link) = await Asked(language);

        var page = (await browser.Open(link)).Expect(200);
        var erased = (await browser.Submit(page.FormTo("/confirm-deletion"))).Expect(200);

        Assert.Equal(asked, page.Heading);
        Assert.Equal(done, erased.Heading);
        Assert.False(browser.HasSession);
        Assert.Equal(0, await Rows(alice));
    }

    [Fact]
    public async Task EML_09_looking_erases_nobody()
    {
        var (alice, browser, link) = await Asked();

        (await browser.Head(link)).Expect(200);
        for (var visit = 0; visit < 5; visit++)
        {
            Assert.Equal("no-referrer", (await browser.Open(link)).Expect(200).Reply.Header("Referrer-Policy"));
            (await new Browser(house).Open(link)).Expect(401);
        }

        Assert.Equal(1, await Rows(alice));
        (await browser.Submit((await browser.Open(link)).FormTo("/confirm-deletion"))).Expect(200);
    }

    [Fact]
    public async Task Whoever_is_not_signed_in_signs_in_and_comes_back()
    {
        var (alice, _, link) = await Asked();
        var other = new Browser(house);

        var first = (await other.Open(link)).Expect(401);
        var signIn = first.Document.QuerySelector("main a.button")!.GetAttribute("href")!;
        var back = await other.Submit(
            Screen.Of(await other.Get(signIn)).FormTo("/sign-in"),
            ("email", alice.Email),
            ("password", alice.Password)
        );

        Assert.Equal(link.PathAndQuery, back.Expect(303).Reply.Header("Location"));
        (await other.Submit((await other.Open(link)).FormTo("/confirm-deletion"))).Expect(200);
        Assert.Equal(0, await Rows(alice));
    }

    [Fact]
    public async Task Somebody_else_learns_nothing_and_erases_nobody()
    {
        var (alice, browser, link) = await Asked();
        var form = Browser.Filled((await browser.Open(link)).FormTo("/confirm-deletion"));
        var mallory = await house.Person("mallory");
        var other = new Browser(house);
        (await other.FillIn("/sign-in", ("email", mallory.Email), ("password", mallory.Password))).Expect(303);

        Assert.Equal("TOKEN_INVALID", Code((await other.Open(link)).Expect(400)));
        Assert.Equal("TOKEN_INVALID", Code(Screen.Of(await other.Post(form.Path, form.Values)).Expect(400)));
        (await new Browser(house).Post(form.Path, form.Values)).Expect(401);
        (await browser.Post(form.Path, form.Values, "https://evil.example")).Expect(403);

        Assert.Equal(1, await Rows(alice));
        Assert.Equal(1, await Rows(mallory));
    }

    [Fact]
    public async Task EML_07_of_fifty_buttons_pressed_at_once_one_erases()
    {
        var (alice, browser, link) = await Asked();
        var form = Browser.Filled((await browser.Open(link)).FormTo("/confirm-deletion"));
        var cookie = browser.Cookies["mana.session_token"];

        var replies = await Task.WhenAll(
            Enumerable
                .Range(0, 50)
                .Select(_ =>
                {
                    var tab = new Browser(house);
                    tab.Cookies["mana.session_token"] = cookie;
                    return tab.Post(form.Path, form.Values);
                })
        );

        Assert.Single(replies, reply => reply.Status == 200);
        Assert.All(replies.Where(reply => reply.Status != 200), reply => Assert.True(reply.Status is 400 or 401, reply.Body));
        Assert.Equal(0, await Rows(alice));
        Assert.Equal(
            1,
            await house.Database.Read<long>(
                "select count(*) from auth.security_events where event_type = 'USER_DATA_DELETED' and metadata ->> 'subject' = encode(sha256($1::bytea), 'hex')",
                alice.Id
            )
        );
    }

    [Fact]
    public async Task An_expired_and_an_invented_link_say_so()
    {
        var (_, browser, link) = await Asked();

        Assert.Equal("TOKEN_INVALID", Code((await browser.Open(new Uri(house.Address, "/confirm-deletion?token=nonsense"))).Expect(400)));
        house.Clock.Move(TimeSpan.FromHours(25));
        Assert.Equal("TOKEN_EXPIRED", Code((await browser.Open(link)).Expect(401)));
    }

    private async Task<(Person Alice, Browser Browser, Uri Link)> Asked(string language = "en")
    {
        var alice = await house.Person("alice");
        var browser = new Browser(house) { Language = language };
        (await browser.FillIn("/sign-in", ("email", alice.Email), ("password", alice.Password))).Expect(303);
        (await browser.Tell("/api/auth/delete-user", new { })).Expect(200);

        return (alice, browser, await house.Mail.LinkTo(alice.Email, "/confirm-deletion"));
    }

    private Task<long> Rows(Person person) => house.Database.Read<long>("select count(*) from auth.users where id = $1", person.Id);

    private static string? Code(Screen page) => page.Document.QuerySelector("main [data-code]")!.GetAttribute("data-code");
}

/// <summary>A house where erasing goes by mail, whose links lead to pages.</summary>
public sealed class ErasingByPageHouse : House
{
    protected override void Configure(Dictionary<string, string> environment) => environment["DELETE_USER_BY_MAIL"] = "on";
}
