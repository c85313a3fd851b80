using System.Globalization;
using Mana.Specs.World;

namespace Mana.Specs.Web;

/// <summary>WEB-11: what helps whoever builds the service helps whoever attacks it, and is not there in Production.</summary>
public sealed class Showing_nothing_of_the_works(ProductionHouse house) : IClassFixture<ProductionHouse>
{
    [Theory]
    [InlineData("/swagger")]
    [InlineData("/swagger/index.html")]
    [InlineData("/openapi/v1.json")]
    [InlineData("/metrics")]
    [InlineData("/dev/mail")]
    [InlineData("/dev/mail.json")]
    [InlineData("/.git/config")]
    [InlineData("/.env")]
    [InlineData("/appsettings.json")]
    [InlineData("/assets/../appsettings.json")]
    [InlineData("/assets/..%2fappsettings.json")]
    [InlineData("/assets/%2e%2e/appsettings.json")]
    [InlineData("/assets/")]
    [InlineData("/wwwroot/app.css")]
    public async Task WEB_11_in_Production_there_is_neither_a_document_nor_a_file_nor_a_figure(string path)
    {
        var reply = await house.Nobody().Get(path);

        Assert.True(reply.Status == 404, $"{path} is {reply.Status}");
    }

    [Fact]
    public async Task WEB_11_the_start_page_leads_nowhere_that_is_not_there()
    {
        var browser = new Browser(house);

        var page = Screen.Of(await browser.Get("/")).Expect(200);

        foreach (var link in page.Document.QuerySelectorAll("main a[href^='/']").Select(link => link.GetAttribute("href")!))
        {
            Assert.Equal(200, (await browser.Get(link)).Status);
        }
    }

    [Fact]
    public async Task WEB_11_figures_are_shown_on_the_port_of_their_own()
    {
        using var http = new HttpClient();
        var inside = await http.GetAsync(
            new Uri(string.Create(CultureInfo.InvariantCulture, $"http://localhost:{house.MetricsPort}/metrics"))
        );

        Assert.Equal(200, (int)inside.StatusCode);
        (await house.Nobody().Get("/metrics")).Expect(404);
    }
}

/// <summary>The rules of Production, with everything it asks for.</summary>
public sealed class ProductionHouse : House
{
    public int MetricsPort { get; private set; }

    protected override void Configure(Dictionary<string, string> environment)
    {
        MetricsPort = MetricsPort == 0 ? FreeAddress().Port : MetricsPort;
        environment["ASPNETCORE_ENVIRONMENT"] = "Production";
        environment["RATE_LIMITS"] = "on";
        environment["CORS_ORIGINS"] = "https://app.mana.how";
        environment["BETTER_AUTH_SECRET"] = "a secret of production that is long enough";
        environment["MANA_AUTH_KEK"] = Convert.ToBase64String(System.Security.Cryptography.RandomNumberGenerator.GetBytes(32));
        environment["MANA_SERVICE_KEY"] = "a-service-key-of-production-1";
        environment["METRICS_PORT"] = MetricsPort.ToString(CultureInfo.InvariantCulture);
    }
}
