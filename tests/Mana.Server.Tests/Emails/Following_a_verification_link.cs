using Mana.Specs.World;

namespace Mana.Specs.Emails;

/// <summary>EML-09: a mail scanner uses nothing up. EML-14: the secret in the address is told to nobody.</summary>
public sealed class Following_a_verification_link(VerifyingHouse house) : IClassFixture<VerifyingHouse>
{
    [Fact]
    public async Task EML_09_a_mail_scanner_that_follows_the_link_uses_nothing_up()
    {
        var (alice, _, link) = await house.SignUp();
        var scanner = new Browser(house);

        (await scanner.Head(link)).Expect(200);
        for (var visit = 0; visit < 5; visit++)
        {
            (await scanner.Open(link)).Expect(200);
        }

        Assert.False(scanner.HasSession);
        Assert.False(await house.IsVerified(alice.Email));
        Assert.Equal(0, await house.OpenSessions(alice.Email));
    }

    [Fact]
    public async Task EML_14_what_the_page_loads_and_links_to_does_not_learn_its_address()
    {
        var (_, browser, link) = await house.SignUp();

        var pages = new[] { await browser.Open(link), await browser.Open(new Uri(house.Address, "/verify-email?token=nonsense")) };

        Assert.All(pages, page => Assert.Equal("no-referrer", page.Reply.Header("Referrer-Policy")));
    }

    [Fact]
    public async Task The_browser_that_signed_up_needs_one_click_and_keeps_its_password()
    {
        var (alice, browser, link) = await house.SignUp();

        var page = await browser.Open(link);
        Assert.True(page.Offers("keep"));
        Assert.False(page.Offers("typed"));
        var done = await browser.Submit(page.Form("keep"));

        done.Expect(200);
        Assert.Equal("You are verified", done.Heading);
        Assert.True(browser.HasSession);
        Assert.Contains(alice.Email, (await browser.Get("/api/auth/get-session")).Expect(200).Body, StringComparison.Ordinal);
        await alice.Login();
    }

    [Fact]
    public async Task Somebody_elses_sign_up_cookie_does_not_count()
    {
        var (_, mallory, _) = await house.SignUp();
        var (bob, _, bobsLink) = await house.SignUp();

        var page = await mallory.Open(bobsLink);
        Assert.False(page.Offers("keep"));
        Assert.True(page.Offers("typed"));
        var (path, fields) = Browser.Filled(page.Form("typed"));
        fields["proof"] = "keep";
        await mallory.Post(path, fields);

        Assert.False(mallory.HasSession);
        Assert.False(await house.IsVerified(bob.Email));
    }

    [Fact]
    public async Task A_trusted_target_is_where_it_goes_on()
    {
        var (_, browser, link) = await house.SignUp(callbackUrl: $"{VerifyingHouse.FrontEnd}/welcome?x=1");

        var page = await browser.Open(link);
        Assert.EndsWith(
            $"form-action 'self' {VerifyingHouse.FrontEnd}",
            page.Reply.Header("Content-Security-Policy"),
            StringComparison.Ordinal
        );
        var done = await browser.Submit(page.Form("keep"));

        done.Expect(303);
        Assert.Equal($"{VerifyingHouse.FrontEnd}/welcome?x=1", done.Reply.Header("Location"));
        Assert.True(browser.HasSession);
    }

    [Fact]
    public async Task EML_07_fifty_parallel_clicks_of_one_link_open_exactly_one_session()
    {
        var (alice, browser, link) = await house.SignUp();
        var (path, fields) = Browser.Filled((await browser.Open(link)).Form("keep"));

        var replies = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => browser.Post(path, fields)));

        Assert.All(replies, reply => reply.Expect(200));
        Assert.Single(replies, reply => reply.SetCookies.Count > 0);
        Assert.Equal(1, await house.OpenSessions(alice.Email));
    }

    [Fact]
    public async Task The_page_speaks_the_language_of_the_browser()
    {
        var (_, _, link) = await house.SignUp();

        var german = await new Browser(house) { Language = "fr;q=0.9, de-CH;q=0.8, en;q=0.5" }.Open(link);
        var other = await new Browser(house) { Language = "fr" }.Open(link);

        Assert.Equal("de", german.Document.DocumentElement.GetAttribute("lang"));
        Assert.Equal("Fast geschafft", german.Heading);
        Assert.Equal("en", other.Document.DocumentElement.GetAttribute("lang"));
    }
}
