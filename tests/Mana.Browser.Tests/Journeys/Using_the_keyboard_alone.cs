using Mana.Specs.Screens;

namespace Mana.Specs.Journeys;

public sealed class Using_the_keyboard_alone(World.House house, Chromium chromium) : IClassFixture<World.House>
{
    private const string Ring = """
        () => {
          const style = getComputedStyle(document.activeElement);
          return document.activeElement !== document.body && style.outlineStyle === 'solid' && parseFloat(style.outlineWidth) >= 2;
        }
        """;

    public static TheoryData<Window> Windows => [.. Window.All];

    [Theory]
    [MemberData(nameof(Windows))]
    public async Task Signing_in_and_out_needs_no_mouse_and_every_stop_is_seen(Window window)
    {
        var alice = await house.Person("alice");
        await using var tab = await chromium.Open(house.Address, window);
        await tab.Go("/sign-in");

        Assert.Equal("email", await Focused(tab));
        await tab.Page.Keyboard.TypeAsync(alice.Email);
        await Next(tab, "password");
        await tab.Page.Keyboard.TypeAsync(alice.Password);
        await tab.Page.Keyboard.PressAsync("Enter");
        await tab.Page.WaitForURLAsync("**/account");

        while (!await tab.Page.EvaluateAsync<bool>("() => document.activeElement.matches('[action=\"/sign-out\"] button')"))
        {
            await Tab(tab);
        }

        await tab.Page.Keyboard.PressAsync("Enter");
        await tab.Page.WaitForURLAsync("**/sign-in?signed-out");
        tab.ExpectNoProblems();
    }

    [Theory]
    [MemberData(nameof(Windows))]
    public async Task The_stops_come_in_the_order_they_are_read(Window window)
    {
        await using var tab = await chromium.Open(house.Address, window);
        await tab.Go("/sign-up");

        Assert.Equal("name", await Focused(tab));
        await Next(tab, "email");
        await Next(tab, "new-password");
        await Tab(tab); // shows the password
        await Tab(tab);
        Assert.Equal("submit", await tab.Page.EvaluateAsync<string>("() => document.activeElement.type"));
        await Tab(tab);
        Assert.Equal("/sign-in", await tab.Page.EvaluateAsync<string>("() => document.activeElement.getAttribute('href')"));
    }

    [Fact]
    public async Task After_a_refusal_the_field_to_correct_has_the_focus()
    {
        await using var tab = await chromium.Open(house.Address, Window.EnglishDesktop);
        await tab.Go("/sign-in");
        await tab.Fill(("email", house.Stranger().Email), ("password", World.Phrases.Wrong));
        await tab.Press("/sign-in");

        Assert.Equal("password", await Focused(tab));
        var description = await tab.Page.EvaluateAsync<string>(
            "() => document.getElementById(document.activeElement.getAttribute('aria-describedby')).innerText"
        );
        Assert.Equal("E-mail address or password is not right.", description.Trim());
    }

    private static async Task Next(Tab tab, string id)
    {
        // Between two fields there may be a button that shows a password, or a link.
        const int stopsMax = 4;
        for (var stop = 0; stop < stopsMax && await Focused(tab) != id; stop++)
        {
            await Tab(tab);
        }

        Assert.Equal(id, await Focused(tab));
    }

    private static async Task Tab(Tab tab)
    {
        await tab.Page.Keyboard.PressAsync("Tab");
        Assert.True(
            await tab.Page.EvaluateAsync<bool>(Ring),
            $"the focus at {await tab.Page.EvaluateAsync<string>("() => document.activeElement.outerHTML")} is not seen"
        );
    }

    private static Task<string> Focused(Tab tab) => tab.Page.EvaluateAsync<string>("() => document.activeElement.id");
}
