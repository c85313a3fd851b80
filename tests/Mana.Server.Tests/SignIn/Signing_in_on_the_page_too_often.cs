using Mana.Specs.World;

namespace Mana.Specs.SignIn;

public sealed class Signing_in_on_the_page_too_often(LimitedHouse house) : IClassFixture<LimitedHouse>
{
    private const int WrongMax = 5;

    private const int TriesMax = 10;

    [Theory]
    [InlineData("en", "30 minutes")]
    [InlineData("de", "30 Minuten")]
    public async Task A_closed_address_is_told_for_how_long_and_what_helps_at_once(string language, string length)
    {
        var stranger = house.Stranger();
        var browser = new Browser(house) { Language = language, Address = $"192.0.2.{language.Length + language[0]}" };
        for (var time = 0; time < WrongMax; time++)
        {
            (await browser.FillIn("/sign-in", ("email", stranger.Email), ("password", Phrases.Wrong))).Expect(401);
        }

        var closed = await browser.FillIn("/sign-in", ("email", stranger.Email), ("password", Phrases.Wrong));

        closed.Expect(429);
        Assert.Contains(length, closed.Text("[data-code=ACCOUNT_LOCKED]"), StringComparison.Ordinal);
        Assert.NotNull(closed.Document.QuerySelector("[data-code=ACCOUNT_LOCKED] a[href='/forgot-password']"));
        Assert.Equal(stranger.Email, closed.Value("email"));
        Assert.Null(closed.ErrorAt("password"));
    }

    [Fact]
    public async Task Too_many_tries_from_one_place_are_told_when_to_go_on_and_looking_counts_for_itself()
    {
        var browser = new Browser(house) { Address = "192.0.2.7" };
        for (var time = 0; time < TriesMax; time++)
        {
            (await browser.FillIn("/sign-in", ("email", house.Stranger().Email), ("password", Phrases.Wrong))).Expect(401);
        }

        var refused = await browser.FillIn("/sign-in", ("email", house.Stranger().Email), ("password", Phrases.Wrong));

        refused.Expect(429);
        Assert.Equal("RATE_LIMITED", refused.Document.QuerySelector("main [data-code]")!.GetAttribute("data-code"));
        Assert.Contains("a minute", refused.Text("main p"), StringComparison.Ordinal);
        Assert.NotNull(refused.Reply.Header("Retry-After"));
        (await browser.Get("/sign-in")).Expect(200);
    }
}
