using Mana.Specs.World;

namespace Mana.Specs.Web;

public sealed class Showing_pages(House house) : IClassFixture<House>
{
    [Fact]
    public async Task The_start_page_names_the_service_and_every_address_on_it_answers()
    {
        var browser = new Browser(house);

        var page = Screen.Of(await browser.Get("/")).Expect(200);

        Assert.Equal("Mana Core Auth", page.Text("h2"));
        var own = page.Document.QuerySelectorAll("[href^='/']").Select(link => link.GetAttribute("href")!).Distinct().ToArray();
        Assert.True(own.Length > 5);
        foreach (var address in own)
        {
            Assert.Contains((await browser.Get(address)).Status, new[] { 200, 301, 302 });
        }
    }

    [Fact]
    public async Task Styles_are_kept_for_ever_under_their_fingerprint_and_carry_the_security_headers()
    {
        var browser = new Browser(house);
        var page = Screen.Of(await browser.Get("/"));

        var styles = await browser.Get(page.Document.QuerySelector("link[rel=stylesheet]")!.GetAttribute("href")!);
        var unknown = await browser.Get("/assets/app.css?v=0");

        styles.Expect(200);
        Assert.StartsWith("text/css", styles.Header("Content-Type"), StringComparison.Ordinal);
        Assert.Contains("immutable", styles.Header("Cache-Control"), StringComparison.Ordinal);
        Assert.Equal("nosniff", styles.Header("X-Content-Type-Options"));
        Assert.NotNull(styles.Header("ETag"));
        Assert.DoesNotContain("immutable", unknown.Header("Cache-Control"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_browser_that_lost_its_way_gets_a_page_and_a_program_gets_a_problem()
    {
        var page = Screen.Of(await new Browser(house).Get("/nowhere")).Expect(404);
        var problem = await house.Nobody().Get("/nowhere");
        var api = await new Browser(house).Get("/api/v1/nowhere");

        Assert.Equal("Page not found", page.Heading);
        problem.Expect(404, "NOT_FOUND");
        api.Expect(404, "NOT_FOUND");
    }

    [Fact]
    public async Task Pages_hold_nothing_inline_and_may_not_be_framed_or_kept()
    {
        var page = Screen.Of(await new Browser(house).Get("/"));

        Assert.Empty(page.Document.QuerySelectorAll("[style], style, script:not([src]), [onclick]"));
        Assert.Contains("frame-ancestors 'none'", page.Reply.Header("Content-Security-Policy"), StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", page.Reply.Header("Content-Security-Policy"), StringComparison.Ordinal);
        Assert.Equal("no-store", page.Reply.Header("Cache-Control"));
    }
}
