using Mana.Specs.Screens;
using Mana.Specs.World;

namespace Mana.Specs.Journeys;

/// <summary>
/// The way everybody goes, in a real browser: without a script error, without a report of the content policy, and with every page on it
/// readable and usable (<see cref="Flaws"/>).
/// </summary>
public sealed class Having_an_account(JourneyHouse house, Chromium chromium) : IClassFixture<JourneyHouse>
{
    public static TheoryData<Window> Windows =>
        [.. Window.All, Window.GermanPhone with { RunsScripts = false }, Window.EnglishDesktop with { RunsScripts = false }];

    [Theory]
    [MemberData(nameof(Windows))]
    public async Task Somebody_signs_up_opens_the_mail_and_signs_in_again(Window window)
    {
        var alice = house.Stranger("alice");
        await using var tab = await chromium.Open(house.Address, window);

        await tab.Go("/");
        await tab.Click("a[href='/sign-up']");
        await tab.Fill(("name", "Alice"), ("email", alice.Email), ("new-password", alice.Password));
        await tab.Press("/sign-up");
        Assert.Contains(alice.Email, await tab.Page.Locator("main").InnerTextAsync(), StringComparison.Ordinal);

        await tab.Go((await house.Mail.LinkTo(alice.Email)).AbsoluteUri);
        await tab.Press("/verify-email");
        await tab.Click("main a.button");
        Assert.Equal("/account", tab.Path);

        await tab.Press("/sign-out");
        Assert.Equal("/sign-in", tab.Path);
        await tab.Fill(("email", alice.Email), ("password", Phrases.Wrong));
        await tab.Press("/sign-in");
        Assert.Equal(alice.Email, await tab.Page.Locator("#email").InputValueAsync());
        Assert.Equal("", await tab.Page.Locator("#password").InputValueAsync());
        await tab.Fill(("password", alice.Password));
        await tab.Press("/sign-in");

        Assert.Equal("/account", tab.Path);
        Assert.Contains(alice.Email, await tab.Page.Locator("main").InnerTextAsync(), StringComparison.Ordinal);
        tab.ExpectNoProblems();
    }

    [Theory]
    [MemberData(nameof(Windows))]
    public async Task Somebody_who_forgot_the_password_signs_in_with_a_new_one(Window window)
    {
        const string chosen = "a password of one's own";
        var carol = house.Stranger("carol");
        await using var tab = await chromium.Open(house.Address, window);
        await tab.Go("/sign-up");
        await tab.Fill(("name", "Carol"), ("email", carol.Email), ("new-password", carol.Password));
        await tab.Press("/sign-up");
        await tab.Go((await house.Mail.LinkTo(carol.Email)).AbsoluteUri);
        await tab.Press("/verify-email");
        await tab.Click("main a.button");
        await tab.Press("/sign-out");

        await tab.Click("a[href^='/forgot-password']");
        await tab.Fill(("email", carol.Email));
        await tab.Press("/forgot-password");
        Assert.Contains(carol.Email, await tab.Page.Locator("main").InnerTextAsync(), StringComparison.Ordinal);
        await tab.Go((await house.Mail.LinkTo(carol.Email, "/reset-password")).AbsoluteUri);
        await tab.Fill(("new-password", chosen));
        await tab.Press("/reset-password");
        await tab.Click("main a.button");
        Assert.Equal("/sign-in", tab.Path);
        await tab.Fill(("email", carol.Email), ("password", chosen));
        await tab.Press("/sign-in");

        Assert.Equal("/account", tab.Path);
        tab.ExpectNoProblems();
    }

    [Theory]
    [MemberData(nameof(Windows))]
    public async Task A_link_opened_in_another_browser_asks_for_the_password_or_a_new_one(Window window)
    {
        var bob = house.Stranger("bob");
        await using (var desk = await chromium.Open(house.Address, window))
        {
            await desk.Go("/sign-up");
            await desk.Fill(("email", bob.Email), ("new-password", bob.Password));
            await desk.Press("/sign-up");
        }

        await using var phone = await chromium.Open(house.Address, window);
        await phone.Go((await house.Mail.LinkTo(bob.Email)).AbsoluteUri);
        await phone.Fill(("password", Phrases.Wrong));
        await phone.Press("/verify-email");
        await phone.Click("summary");
        await phone.Fill(("new-password", "a password of one's own"));
        await phone.Press("/verify-email", inside: "details");

        await phone.Click("main a.button");
        Assert.Equal("/account", phone.Path);
        phone.ExpectNoProblems();
    }
}
