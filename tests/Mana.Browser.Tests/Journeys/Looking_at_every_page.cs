using Mana.Specs.Screens;
using Mana.Specs.World;

namespace Mana.Specs.Journeys;

/// <summary>Each page by itself: it fits into the window, can be read, and what is wrong is said where it is wrong.</summary>
public sealed class Looking_at_every_page(JourneyHouse house, Chromium chromium) : IClassFixture<JourneyHouse>
{
    public static TheoryData<Window> Windows => [.. Window.All];

    [Theory]
    [MemberData(nameof(Windows))]
    public async Task None_is_wider_than_its_window_or_hard_to_read(Window window)
    {
        await using var tab = await chromium.Open(house.Address, window);

        foreach (
            var address in new[]
            {
                "/",
                "/?error=INVALID_TOKEN",
                "/sign-in",
                "/sign-in?signed-out",
                "/sign-in?callbackURL=http://localhost:3000/a-long-way-to-go",
                "/sign-up",
                "/forgot-password",
                "/reset-password?token=nonsense",
                "/verify-email?token=nonsense",
                "/confirm-email?token=nonsense",
                "/confirm-deletion?token=nonsense",
                "/api/auth/error?error=INVALID_TOKEN&error_description=" + new string('x', 300),
                "/nowhere",
                "/dev/mail",
            }
        )
        {
            await tab.Go(address);
        }

        tab.ExpectNoProblems();
    }

    [Theory]
    [MemberData(nameof(Windows))]
    public async Task Long_names_and_addresses_stay_in_their_place(Window window)
    {
        var name = new string('W', 200);
        var carol = house.Stranger(new string('w', 30));
        await using var tab = await chromium.Open(house.Address, window);

        await tab.Go("/sign-up");
        await tab.Fill(("name", name), ("email", carol.Email), ("new-password", carol.Password));
        await tab.Press("/sign-up");
        await tab.Go((await house.Mail.LinkTo(carol.Email)).AbsoluteUri);
        await tab.Press("/verify-email");
        await tab.Go("/account");
        await tab.Go("/sign-in");

        Assert.Contains(name, await tab.Page.Locator(".who").InnerTextAsync(), StringComparison.Ordinal);
        tab.ExpectNoProblems();
    }

    [Theory]
    [MemberData(nameof(Windows))]
    public async Task The_pages_that_ask_once_more_lead_to_another_address_and_to_the_end(Window window)
    {
        var (erin, newEmail) = (house.Stranger("erin"), $"new-{Guid.NewGuid():N}@example.com");
        await using var tab = await chromium.Open(house.Address, window);
        await tab.Go("/sign-up");
        await tab.Fill(("name", "Erin"), ("email", erin.Email), ("new-password", erin.Password));
        await tab.Press("/sign-up");
        await tab.Go((await house.Mail.LinkTo(erin.Email)).AbsoluteUri);
        await tab.Press("/verify-email");
        await erin.Login();

        (await erin.Post("/api/v1/auth/change-email", new { newEmail })).Expect(200);
        await tab.Go((await house.Mail.LinkTo(newEmail, "/confirm-email")).AbsoluteUri);
        await tab.Press("/confirm-email");
        await tab.Page.Locator("[href='/account']").WaitForAsync();
        (await (await new Person(house, newEmail, erin.Password).InABrowser()).Post("/api/auth/delete-user", new { })).Expect(200);
        await tab.Go((await house.Mail.LinkTo(newEmail, "/confirm-deletion")).AbsoluteUri);
        await tab.Press("/confirm-deletion");
        await tab.Page.Locator("main [href='/']").WaitForAsync();
        await tab.Go("/account");

        Assert.Equal("/sign-in", new Uri(tab.Page.Url).AbsolutePath);
        tab.ExpectNoProblems();
    }

    [Fact]
    public async Task A_password_can_be_shown_and_is_hidden_again_before_it_is_sent()
    {
        await using var tab = await chromium.Open(house.Address, Window.EnglishDesktop);
        await tab.Go("/sign-in");
        await tab.Fill(("email", house.Stranger().Email), ("password", Phrases.Wrong));
        var (reveal, password) = (tab.Page.Locator(".reveal"), tab.Page.Locator("#password"));

        await reveal.ClickAsync();
        Assert.Equal("text", await password.GetAttributeAsync("type"));
        Assert.Equal("Hide password", await reveal.GetAttributeAsync("aria-label"));
        await tab.Press("/sign-in");

        Assert.Equal("password", await password.GetAttributeAsync("type"));
        Assert.Equal("Show password", await reveal.GetAttributeAsync("aria-label"));
        tab.ExpectNoProblems();
    }

    [Fact]
    public async Task A_second_click_while_the_answer_is_on_its_way_sends_nothing()
    {
        var dora = house.Stranger("dora");
        await using var tab = await chromium.Open(house.Address, Window.EnglishDesktop);
        var posts = 0;
        await tab.Page.RouteAsync(
            "**/sign-up",
            async route =>
            {
                posts += route.Request.Method == "POST" ? 1 : 0;
                await Task.Delay(200);
                await route.ContinueAsync();
            }
        );
        await tab.Go("/sign-up");
        await tab.Fill(("email", dora.Email), ("new-password", dora.Password));

        await tab.Page.Locator("form[action='/sign-up'] button[type=submit]").DblClickAsync();

        await tab.Page.GetByText(dora.Email).WaitForAsync();
        Assert.Equal(1, posts);
    }
}
