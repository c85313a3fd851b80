using Mana.Specs.World;

namespace Mana.Specs.Me;

public sealed class Seeing_who_is_signed_in(House house) : IClassFixture<House>
{
    [Fact]
    public async Task Whoever_is_not_signed_in_is_asked_to()
    {
        var reply = await new Browser(house).Get("/account");

        reply.Expect(303);
        Assert.Equal("/sign-in", reply.Header("Location"));
    }

    [Fact]
    public async Task Signing_out_ends_the_session_and_not_only_the_cookie()
    {
        var (browser, cookie) = await SignedIn();
        var copy = house.Nobody();
        copy.Cookies = cookie;

        var done = await browser.Submit(Screen.Of(await browser.Get("/account")).FormTo("/sign-out"));

        done.Expect(303);
        Assert.Equal("/sign-in?signed-out", done.Reply.Header("Location"));
        Assert.False(browser.HasSession);
        Assert.Equal("You are signed out.", Screen.Of(await browser.Get("/sign-in?signed-out")).Text("[role=status]"));
        Assert.Equal("null", (await copy.Get("/api/auth/get-session")).Expect(200).Body);
    }

    [Fact]
    public async Task A_dead_session_is_forgotten()
    {
        var (browser, _) = await SignedIn();
        await house.Database.Tamper("update auth.sessions set revoked_at = now(), revoked_reason = 'spec'");
        await house.Restart();

        (await browser.Get("/account")).Expect(303);

        Assert.False(browser.HasSession);
    }

    [Fact]
    public async Task Signing_out_twice_succeeds_twice()
    {
        var (browser, _) = await SignedIn();

        for (var time = 0; time < 2; time++)
        {
            (await browser.Post("/sign-out", new Dictionary<string, string>())).Expect(303);
        }
    }

    private async Task<(Browser Browser, string Cookie)> SignedIn()
    {
        var alice = await house.Person("alice");
        var browser = new Browser(house);
        var reply = (await browser.FillIn("/sign-in", ("email", alice.Email), ("password", alice.Password))).Reply;

        return (browser, reply.Expect(303).CookieHeader());
    }
}
