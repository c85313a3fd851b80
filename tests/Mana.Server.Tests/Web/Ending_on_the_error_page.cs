using Mana.Specs.World;

namespace Mana.Specs.Web;

/// <summary>Where a redirect ends that has nowhere else to go. Whatever its address says is text and nothing more (GHSA-9x4v-xfq5-m8x5, WEB-07).</summary>
public sealed class Ending_on_the_error_page(House house) : IClassFixture<House>
{
    [Fact]
    public async Task It_shows_the_code_and_what_was_said()
    {
        var page = Screen.Of(await new Browser(house).Get("/api/auth/error?error=INVALID_TOKEN&error_description=a%20b"));

        page.Expect(200);
        Assert.StartsWith("text/html", page.Reply.Header("Content-Type"), StringComparison.Ordinal);
        Assert.Equal("INVALID_TOKEN", page.Text("code"));
        Assert.Equal("a b", page.Text("q"));
        Assert.StartsWith("default-src 'none'", page.Reply.Header("Content-Security-Policy"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("%3Cscript%3Ealert(1)%3C/script%3E")]
    [InlineData("a%20b")]
    [InlineData("")]
    [InlineData("a%0Ab")]
    public async Task A_code_that_is_none_is_not_repeated(string code)
    {
        var page = Screen.Of(await new Browser(house).Get($"/api/auth/error?error={code}"));

        Assert.Equal("UNKNOWN", page.Expect(200).Text("code"));
        Assert.Empty(page.Document.QuerySelectorAll("script:not([src])"));
    }

    [Fact]
    public async Task WEB_07_markup_and_endless_text_stay_text_and_end()
    {
        const string markup = "<img src=x onerror=alert(1)>";
        var query = Uri.EscapeDataString(markup + new string('x', 3000));

        var page = Screen.Of(await new Browser(house).Get($"/api/auth/error?error=x&error_description={query}"));

        Assert.Empty(page.Expect(200).Document.QuerySelectorAll("main img"));
        Assert.StartsWith(markup, page.Text("q"), StringComparison.Ordinal);
        Assert.True(page.Text("q").Length <= 201);
    }

    [Fact]
    public async Task What_was_said_is_cut_between_two_letters()
    {
        var said = new string('x', 199) + "\U0001F600" + new string('x', 100);

        var page = Screen.Of(await new Browser(house).Get($"/api/auth/error?error=x&error_description={Uri.EscapeDataString(said)}"));

        Assert.Equal(said[..199] + "…", page.Text("q"));
    }

    [Fact]
    public async Task It_speaks_the_language_of_the_browser()
    {
        var browser = new Browser(house) { Language = "de-DE,de;q=0.9" };

        Assert.Equal("Das hat nicht geklappt", Screen.Of(await browser.Get("/api/auth/error")).Heading);
    }
}
