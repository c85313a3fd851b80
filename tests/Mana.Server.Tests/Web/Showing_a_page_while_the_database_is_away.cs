using Mana.Specs.World;
using Npgsql;

namespace Mana.Specs.Web;

public sealed class Showing_a_page_while_the_database_is_away(House house) : IClassFixture<House>
{
    [Fact]
    public async Task It_is_a_plain_page_that_says_when_to_try_again_and_nothing_about_the_cause()
    {
        house.ExpectErrors();
        await Close(isClosed: true);
        try
        {
            var page = Screen.Of(await new Browser(house).Get("/verify-email?token=any")).Expect(503);

            Assert.Equal("SERVICE_UNAVAILABLE", page.Document.QuerySelector("main [data-code]")!.GetAttribute("data-code"));
            Assert.NotNull(page.Reply.Header("Retry-After"));
            Assert.DoesNotContain("Npgsql", page.Reply.Body, StringComparison.OrdinalIgnoreCase);
        }
        finally
        {
            await Close(isClosed: false);
        }
    }

    private async Task Close(bool isClosed)
    {
        var postgres = new UriBuilder(house.Database.AdminUrl) { Path = "/postgres" }
            .Uri
            .AbsoluteUri;
        var database = house.Database with { AdminUrl = postgres };
        await database.Tamper($"alter database {house.Database.Name} allow_connections {(isClosed ? "false" : "true")}");
        await database.Tamper("select pg_terminate_backend(pid) from pg_stat_activity where datname = $1", house.Database.Name);
        NpgsqlConnection.ClearAllPools();
    }
}
