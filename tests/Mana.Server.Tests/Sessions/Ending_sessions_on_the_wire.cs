using System.Text.Json;
using Mana.Specs.World;

namespace Mana.Specs.Sessions;

/// <summary>Wire sections 4.5, 7.14, 7.18 and 7.19; rulings 6.</summary>
public sealed class Ending_sessions_on_the_wire(House house) : IClassFixture<House>
{
    private static readonly string[] ClearingLines =
    [
        "mana.session_token=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax",
        "mana.session_data=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax",
        "mana.dont_remember=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax",
    ];

    [Fact]
    public async Task The_list_is_the_wires_oldest_first_with_the_presented_token_at_the_current_session_only()
    {
        var alice = await Signed("alice");
        var first = await alice.InABrowser();
        house.Clock.Move(TimeSpan.FromSeconds(1));
        var second = await alice.InABrowser();

        var sessions = await List(second);

        Assert.Equal((await second.Get("/api/auth/get-session")).Json.GetProperty("session").GetRawText(), sessions[^1].GetRawText());
        Assert.Equal(Token(second), sessions[^1].GetProperty("token").GetString());
        Assert.DoesNotContain(sessions, session => session.GetProperty("token").GetString() == Token(first));
    }

    [Fact]
    public async Task A_handle_ends_the_session_it_names()
    {
        var alice = await Signed("alice");
        var (first, second) = (await alice.InABrowser(), await alice.InABrowser());
        var handle = await HandleOf(first, second);

        var reply = (await second.Post("/api/auth/revoke-session", new { token = handle })).Expect(200);

        Assert.Equal("""{"status":true}""", reply.Body);
        Assert.Empty(reply.SetCookies);
        Assert.Equal("null", (await first.Get("/api/auth/get-session")).Body);
        Assert.NotEqual("null", (await second.Get("/api/auth/get-session")).Body);
    }

    [Fact]
    public async Task A_handle_is_good_for_nothing_else()
    {
        var alice = await Signed("alice");
        var (first, second) = (await alice.InABrowser(), await alice.InABrowser());
        var handle = await HandleOf(first, second);
        var thief = house.Nobody();

        thief.Cookies = $"mana.session_token={Uri.EscapeDataString(handle)}";
        Assert.Equal("null", (await thief.Get("/api/auth/get-session")).Body);
        thief.Cookies = null;
        thief.AccessToken = handle;
        Assert.Equal("null", (await thief.Get("/api/auth/get-session")).Body);
        (await thief.Get("/api/auth/token")).Expect(401);
        (await thief.Get("/api/v1/credits/balance")).Expect(401);
        thief.AccessToken = "";
        (await thief.Post("/api/v1/auth/refresh", new { refreshToken = handle })).Expect(401);
        (await thief.Post("/api/auth/revoke-session", new { token = handle })).Expect(401);
        Assert.NotEqual("null", (await first.Get("/api/auth/get-session")).Body);
    }

    [Fact]
    public async Task A_forged_handle_or_somebody_elses_ends_nothing_and_answers_the_same()
    {
        var (alice, bob) = (await Signed("alice"), await Signed("bob"));
        var (first, second, foreign) = (await alice.InABrowser(), await alice.InABrowser(), await bob.InABrowser());
        var handle = await HandleOf(first, second);
        var forged = handle[..^1] + (handle[^1] == 'A' ? 'B' : 'A');
        var ids = handle.Split(':')[0];
        string[] tokens = ["nope", "", forged, ids, ids + ":", handle + "A", Token(foreign), new('x', 10_000)];

        foreach (var token in tokens)
        {
            Assert.Equal("""{"status":true}""", (await second.Post("/api/auth/revoke-session", new { token })).Expect(200).Body);
        }

        Assert.Equal("""{"status":true}""", (await foreign.Post("/api/auth/revoke-session", new { token = handle })).Expect(200).Body);
        Assert.All(
            await Task.WhenAll(
                first.Get("/api/auth/get-session"),
                second.Get("/api/auth/get-session"),
                foreign.Get("/api/auth/get-session")
            ),
            reply => Assert.NotEqual("null", reply.Body)
        );
    }

    [Fact]
    public async Task Ones_own_current_token_ends_the_session_and_clears_its_cookies()
    {
        var browser = await (await Signed("alice")).InABrowser();

        var reply = (await browser.Post("/api/auth/revoke-session", new { token = Token(browser) })).Expect(200);

        Assert.Equal(ClearingLines, reply.SetCookies);
        Assert.Equal("null", (await browser.Get("/api/auth/get-session")).Body);
    }

    [Fact]
    public async Task Revoking_the_others_leaves_the_current_one_and_revoking_all_does_not()
    {
        var alice = await Signed("alice");
        var (first, second) = (await alice.InABrowser(), await alice.InABrowser());

        var others = (await second.Post("/api/auth/revoke-other-sessions")).Expect(200);
        Assert.Equal("""{"status":true}""", others.Body);
        Assert.Empty(others.SetCookies);
        Assert.Equal("null", (await first.Get("/api/auth/get-session")).Body);
        Assert.NotEqual("null", (await second.Get("/api/auth/get-session")).Body);

        var all = (await second.Post("/api/auth/revoke-sessions", new { })).Expect(200);
        Assert.Equal("""{"status":true}""", all.Body);
        Assert.Equal(ClearingLines, all.SetCookies);
        Assert.Equal("null", (await second.Get("/api/auth/get-session")).Body);
    }

    [Theory]
    [InlineData("GET", "/api/auth/list-sessions")]
    [InlineData("POST", "/api/auth/revoke-sessions")]
    [InlineData("POST", "/api/auth/revoke-other-sessions")]
    [InlineData("POST", "/api/auth/update-session")]
    public async Task Without_a_session_each_is_the_standard_refusal(string method, string path)
    {
        var content = method == "POST" ? System.Net.Http.Json.JsonContent.Create(new { }) : null;
        var reply = await house.Nobody().Send(new HttpMethod(method), path, content);

        Assert.Equal("""{"message":"Unauthorized","code":"UNAUTHORIZED"}""", reply.Expect(401).Body);
        Assert.Empty(reply.SetCookies);
    }

    [Fact]
    public async Task A_session_knows_no_field_that_could_be_updated()
    {
        var browser = await (await Signed("alice")).InABrowser();

        Assert.Equal(
            """{"message":"No fields to update"}""",
            (await browser.Post("/api/auth/update-session", new { foo = 1 })).Expect(400).Body
        );
        Assert.Equal(
            """{"message":"activeOrganizationId is not allowed to be set","code":"FIELD_NOT_ALLOWED"}""",
            (await browser.Post("/api/auth/update-session", new { activeOrganizationId = "x" })).Expect(400).Body
        );
        (await browser.PostRaw("/api/auth/update-session", """["x"]""")).Expect(400, "VALIDATION_ERROR");
    }

    private async Task<Person> Signed(string name)
    {
        var person = house.Stranger(name);
        await person.Register(name);

        return person;
    }

    private static string Token(Person browser) => browser.Cookies!.Split('=')[1].Split('.')[0];

    private static async Task<JsonElement[]> List(Person browser) =>
        [.. (await browser.Get("/api/auth/list-sessions")).Expect(200).Json.EnumerateArray()];

    /// <summary>What one browser is shown in place of the secret of another.</summary>
    private static async Task<string> HandleOf(Person other, Person viewer)
    {
        var id = (await other.Get("/api/auth/get-session")).Json.GetProperty("session").GetProperty("id").GetString();

        return (await List(viewer)).Single(session => session.GetProperty("id").GetString() == id).GetProperty("token").GetString()!;
    }
}
