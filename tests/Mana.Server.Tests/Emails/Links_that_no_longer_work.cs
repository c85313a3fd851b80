using Mana.Specs.World;

namespace Mana.Specs.Emails;

public sealed class Links_that_no_longer_work(VerifyingHouse house) : IClassFixture<VerifyingHouse>
{
    [Fact]
    public async Task A_used_link_is_a_success_without_a_session()
    {
        var (alice, browser, link) = await house.SignUp();
        var form = Browser.Filled((await browser.Open(link)).Form("keep"));
        await browser.Post(form.Path, form.Values);
        var stranger = new Browser(house);

        var seen = await stranger.Open(link);
        var posted = Screen.Of(await stranger.Post(form.Path, form.Values));

        Assert.Equal("Your address is confirmed", seen.Expect(200).Heading);
        Assert.Equal("Your address is confirmed", posted.Expect(200).Heading);
        Assert.False(stranger.HasSession);
        Assert.Equal(1, await house.OpenSessions(alice.Email));
    }

    [Fact]
    public async Task A_link_of_yesterday_says_so_and_a_new_one_can_be_sent()
    {
        var (alice, browser, link) = await house.SignUp();
        var form = Browser.Filled((await browser.Open(link)).Form("keep"));
        house.Clock.Move(TimeSpan.FromHours(25));

        var expired = await browser.Open(link);
        Assert.Equal("TOKEN_EXPIRED", expired.Document.QuerySelector("main [data-code]")!.GetAttribute("data-code"));
        Screen.Of(await browser.Post(form.Path, form.Values)).Expect(401);
        Assert.False(await house.IsVerified(alice.Email));

        var renewed = await browser.Submit((AngleSharp.Html.Dom.IHtmlFormElement)expired.Document.QuerySelector("form")!);
        Assert.Equal("Check your mail", renewed.Expect(200).Heading);
        var newer = await house.LinkAfter(link, alice.Email);
        Assert.True((await new Browser(house).Open(newer)).Offers("typed"));
    }

    [Fact]
    public async Task A_link_nobody_sent_is_invalid_and_not_expired()
    {
        var browser = new Browser(house);
        foreach (var query in new[] { "?token=nonsense", "", "?token=a&token=b", $"?token={new string('x', 5000)}" })
        {
            var page = await browser.Open(new Uri(house.Address, $"/verify-email{query}"));

            page.Expect(400);
            Assert.Equal("TOKEN_INVALID", page.Document.QuerySelector("main [data-code]")!.GetAttribute("data-code"));
        }
    }

    [Fact]
    public async Task The_link_of_an_earlier_mail_stops_working_when_a_newer_mail_is_sent()
    {
        var (alice, browser, earlier) = await house.SignUp();
        var form = Browser.Filled((await browser.Open(earlier)).Form("keep"));

        await alice.Post("/api/auth/send-verification-email", new { email = alice.Email });
        var newer = await house.LinkAfter(earlier, alice.Email);
        await browser.Post(form.Path, form.Values);

        Assert.False(await house.IsVerified(alice.Email));
        Assert.False(browser.HasSession);
        await browser.Submit((await browser.Open(newer)).Form("keep"));
        Assert.True(await house.IsVerified(alice.Email));
    }

    [Fact]
    public async Task Asking_for_a_new_link_with_nonsense_sends_nothing_and_says_the_same()
    {
        var before = house.Mail.Mails.Count;

        var page = Screen.Of(
            await new Browser(house).Post("/verify-email/new-link", new Dictionary<string, string> { ["token"] = "nonsense" })
        );

        Assert.Equal("Check your mail", page.Expect(200).Heading);
        await house.Idle();
        Assert.Equal(before, house.Mail.Mails.Count);
    }
}
