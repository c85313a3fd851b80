using AngleSharp.Html.Dom;
using Mana.Specs.World;

namespace Mana.Specs.Operations;

public sealed class Reading_the_mailbox_of_development(Reading_the_mailbox_of_development.Desk house)
    : IClassFixture<Reading_the_mailbox_of_development.Desk>
{
    [Fact]
    public async Task The_newest_mail_stands_first_and_its_link_can_be_clicked()
    {
        var (first, second) = (house.Stranger("first"), house.Stranger("second"));
        await first.Register("First");
        await house.Idle();
        await second.Register("<b>Second</b>");
        await house.Idle();
        var browser = new Browser(house);

        var page = Screen.Of(await browser.Get("/dev/mail")).Expect(200);

        var mails = page.Document.QuerySelectorAll("article").Select(mail => mail.TextContent).ToArray();
        Assert.Contains(second.Email, mails[0], StringComparison.Ordinal);
        Assert.Contains(first.Email, mails[1], StringComparison.Ordinal);
        Assert.Empty(page.Document.QuerySelectorAll("article b"));
        var link = (IHtmlAnchorElement)page.Document.QuerySelector("article pre a")!;
        Assert.Equal(link.TextContent, link.Href);
        Assert.True((await browser.Open(new Uri(link.Href))).Expect(200).Offers("typed"));
    }

    /// <summary>A developer's house: no mail server is configured.</summary>
    public sealed class Desk : House
    {
        protected override void Configure(Dictionary<string, string> environment) => environment.Remove("SMTP_HOST");
    }
}
