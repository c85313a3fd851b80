using Mana.Sessions;
using Mana.Specs.World;
using Microsoft.Extensions.DependencyInjection;

namespace Mana.Specs.Faults;

/// <summary>
/// Where it matters who is signed in, "we cannot look" is neither nobody nor anybody: nothing happens, no cookie goes, and the answer says
/// that it will pass.
/// </summary>
public sealed class Not_knowing_who_is_signed_in(Not_knowing_who_is_signed_in.BusyHouse house)
    : IClassFixture<Not_knowing_who_is_signed_in.BusyHouse>
{
    [Fact]
    public async Task EML_12_a_link_changes_and_erases_nothing_and_nobody_is_signed_out()
    {
        var (alice, browser) = await SignedIn("alice");
        var (_, mallory) = await SignedIn("mallory");
        var newEmail = $"new-{Guid.NewGuid():N}@example.com";
        (await alice.Post("/api/v1/auth/change-email", new { newEmail })).Expect(200);
        var change = (await house.Mail.LinkTo(newEmail, "/confirm-email")).Query;
        (await browser.Tell("/api/auth/delete-user", new { })).Expect(200);
        var erasure = await house.Mail.LinkTo(alice.Email, "/confirm-deletion");

        await house.Restart(); // nothing is in memory
        var sessions = house.Services.GetRequiredService<LiveSessions>();
        (await Ask('c')).Expect(200); // a service that is ended before it has begun counts as failed
        await sessions.StopAsync(CancellationToken.None);
        var waiting = await Fill();
        try
        {
            (await browser.Get("/account")).Expect(503);
            (await browser.Get(erasure.PathAndQuery)).Expect(503);
            (await browser.Post("/confirm-deletion", Fields(erasure.Query))).Expect(503);
            (await mallory.Post("/confirm-email", Fields(change))).Expect(503);
            (await mallory.Get($"/api/v1/auth/verify-email{change}")).Expect(503);
            (await mallory.Get($"/api/auth/verify-email{change}")).Expect(503);
            (await mallory.Tell("/api/auth/send-verification-email", new { email = alice.Email })).Expect(503);
        }
        finally
        {
            await sessions.StartAsync(CancellationToken.None);
        }

        (await waiting).Expect(200);
        Assert.Equal(alice.Email, await house.Database.Read<string>("select email from auth.users where id = $1", alice.Id));
        (await browser.Get("/account")).Expect(200);
        Assert.Equal("FORBIDDEN", Code(Screen.Of(await mallory.Post("/confirm-email", Fields(change))).Expect(403)));
    }

    private async Task<(Person Person, Browser Browser)> SignedIn(string name)
    {
        var (person, browser) = (await house.Person(name), new Browser(house));
        (await browser.FillIn("/sign-in", ("email", person.Email), ("password", person.Password))).Expect(303);

        return (person, browser);
    }

    /// <summary>Asks until one waits in the queue, which has room for no other.</summary>
    private async Task<Task<Reply>> Fill()
    {
        Task<Reply>[] asked = [Ask('a'), Ask('b')];
        var refused = await Task.WhenAny(asked);
        (await refused).Expect(503);

        return asked.Single(task => task != refused);
    }

    private Task<Reply> Ask(char letter) =>
        house.Nobody().Send(HttpMethod.Get, "/api/auth/get-session", null, ("Authorization", $"Bearer {new string(letter, 32)}"));

    private static Dictionary<string, string> Fields(string query) =>
        new() { ["token"] = System.Web.HttpUtility.ParseQueryString(query)["token"]! };

    private static string? Code(Screen page) => page.Document.QuerySelector("main [data-code]")!.GetAttribute("data-code");

    public sealed class BusyHouse : House
    {
        protected override void Configure(Dictionary<string, string> environment)
        {
            environment["SESSION_QUEUE_MAX"] = "1";
            environment["DELETE_USER_BY_MAIL"] = "on";
        }
    }
}
