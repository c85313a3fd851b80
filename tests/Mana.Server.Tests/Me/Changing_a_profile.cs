using System.Net.Http.Json;
using Mana.Specs.World;

namespace Mana.Specs.Me;

public sealed class Changing_a_profile(House house) : IClassFixture<House>
{
    [Fact]
    public async Task Name_and_picture_are_changed_and_shown_everywhere_at_once()
    {
        var (alice, browser) = await TwoWaysIn();
        await browser.Get("/api/auth/get-session"); // remembered under the old name

        var reply = await alice.Post("/api/v1/auth/profile", new { name = "Alice B", image = "https://pictures.example.com/a.png" });

        reply.Expect(200);
        Assert.True(reply.Json.GetProperty("success").GetBoolean());
        Assert.Equal("Alice B", reply.Json.GetProperty("user").GetProperty("name").GetString());
        var shown = (await alice.Get("/api/v1/auth/profile")).Expect(200);
        Assert.Equal(
            ["id", "name", "email", "emailVerified", "image", "role", "createdAt"],
            shown.Json.EnumerateObject().Select(m => m.Name)
        );
        Assert.Equal("Alice B", shown.Text("name"));
        Assert.Equal("https://pictures.example.com/a.png", shown.Text("image"));
        var session = (await browser.Get("/api/auth/get-session")).Expect(200);
        Assert.Equal("Alice B", session.Json.GetProperty("user").GetProperty("name").GetString());
        Assert.Equal(1, await Events(alice, "PROFILE_UPDATED"));
    }

    [Fact]
    public async Task What_is_not_said_stays_and_null_removes_the_picture()
    {
        var alice = await house.Person("alice");
        await alice.Post("/api/v1/auth/profile", new { image = "https://pictures.example.com/a.png" });

        var renamed = await Patch(alice, new { name = "  Ali  " });
        var cleared = await Patch(alice, new { image = (string?)null });

        Assert.Equal("Ali", renamed.Expect(200).Text("name"));
        Assert.Equal("https://pictures.example.com/a.png", renamed.Text("image"));
        Assert.Equal("""{"name":"Ali","image":null}""", cleared.Expect(200).Body);
    }

    [Fact]
    public async Task Nothing_to_change_and_what_is_no_name_or_picture_are_refused()
    {
        var alice = await house.Person("alice");

        Assert.Equal("no fields to update", (await Patch(alice, new { })).Expect(400, "VALIDATION").Text("message"));
        Assert.Equal("name must be 1–80 characters", (await Patch(alice, new { name = "   " })).Expect(400, "VALIDATION").Text("message"));
        (await Patch(alice, new { name = new string('a', 81) })).Expect(400, "VALIDATION");
        (await Patch(alice, new { name = new string('a', 80) })).Expect(200);
        (await alice.Post("/api/v1/auth/profile", new { })).Expect(400, "VALIDATION");
        (await alice.Post("/api/v1/auth/profile", new { name = "a" })).Expect(400, "VALIDATION");
        (await alice.Post("/api/v1/auth/profile", new { name = new string('a', 101) })).Expect(400, "VALIDATION");
        foreach (var image in new object[] { "javascript:alert(1)", "/a.png", 5, "https://e.example/" + new string('a', 2048) })
        {
            (await alice.Post("/api/v1/auth/profile", new { image })).Expect(400, "VALIDATION");
        }

        (await house.Nobody().Get("/api/v1/auth/profile")).Expect(401);
        (await Patch(house.Nobody(), new { name = "x" })).Expect(401);
    }

    [Fact]
    public async Task On_the_wire_the_cookie_is_sent_again()
    {
        var (_, browser) = await TwoWaysIn();

        var reply = await browser.Post("/api/auth/update-user", new { name = "Alice B", image = (string?)null });

        Assert.Equal("""{"status":true}""", reply.Expect(200).Body);
        Assert.EndsWith("set-auth-token", reply.Header("access-control-expose-headers"), StringComparison.Ordinal);
        Assert.NotNull(reply.Header("set-auth-token"));
        var cookie = Assert.Single(reply.SetCookies);
        Assert.StartsWith(browser.Cookies!, cookie, StringComparison.Ordinal);
        Assert.Contains("; Max-Age=604800;", cookie, StringComparison.Ordinal);
        var session = await browser.Get("/api/auth/get-session");
        Assert.Equal("Alice B", session.Json.GetProperty("user").GetProperty("name").GetString());
    }

    [Fact]
    public async Task On_the_wire_somebody_who_is_not_to_be_remembered_stays_so()
    {
        var alice = await house.Person("alice");
        var browser = new Person(house, alice.Email, alice.Password);
        var credentials = new
        {
            email = alice.Email,
            password = alice.Password,
            rememberMe = false,
        };
        browser.Cookies = (await browser.Post("/api/auth/sign-in/email", credentials)).Expect(200).CookieHeader();

        var reply = await browser.Post("/api/auth/update-user", new { name = "Alice B" });

        Assert.All(reply.Expect(200).SetCookies, cookie => Assert.DoesNotContain("Max-Age", cookie, StringComparison.Ordinal));
        Assert.Contains(reply.SetCookies, cookie => cookie.StartsWith("mana.dont_remember=", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("""{"email":"x@example.com"}""", """{"message":"Email can not be updated","code":"EMAIL_CAN_NOT_BE_UPDATED"}""")]
    [InlineData(
        """{"email":"x@example.com","role":"admin"}""",
        """{"message":"Email can not be updated","code":"EMAIL_CAN_NOT_BE_UPDATED"}"""
    )]
    [InlineData("{}", """{"message":"No fields to update"}""")]
    [InlineData("""{"foo":"x"}""", """{"message":"No fields to update"}""")]
    [InlineData("""{"email":""}""", """{"message":"No fields to update"}""")]
    [InlineData("""{"emailVerified":false}""", """{"message":"No fields to update"}""")]
    [InlineData("""{"emailVerified":true}""", """{"message":"No fields to update"}""")]
    [InlineData("""{"role":"","banned":false}""", """{"message":"No fields to update"}""")]
    [InlineData("""{"twoFactorEnabled":true}""", """{"message":"twoFactorEnabled is not allowed to be set","code":"FIELD_NOT_ALLOWED"}""")]
    [InlineData("""{"name":"x","role":"admin"}""", """{"message":"role is not allowed to be set","code":"FIELD_NOT_ALLOWED"}""")]
    [InlineData("""{"banExpires":1}""", """{"message":"banExpires is not allowed to be set","code":"FIELD_NOT_ALLOWED"}""")]
    [InlineData("""["x"]""", """{"message":"[body] Invalid input: expected record, received array","code":"VALIDATION_ERROR"}""")]
    [InlineData("", """{"message":"[body] Invalid input: expected record, received undefined","code":"VALIDATION_ERROR"}""")]
    [InlineData(
        """{"name":5}""",
        """{"message":"[body.name] Invalid input: expected string, received number","code":"VALIDATION_ERROR"}"""
    )]
    [InlineData(
        """{"name":null}""",
        """{"message":"[body.name] Invalid input: expected string, received null","code":"VALIDATION_ERROR"}"""
    )]
    public async Task On_the_wire_what_may_not_be_set_is_refused_in_the_words_of_the_reference(string body, string answer)
    {
        var (alice, browser) = await TwoWaysIn();

        var reply = await browser.PostRaw("/api/auth/update-user", body);

        Assert.Equal(answer, reply.Expect(400).Body);
        Assert.Empty(reply.SetCookies);
        Assert.Equal("user", (await alice.Get("/api/v1/auth/profile")).Text("role"));
    }

    [Fact]
    public async Task On_the_wire_a_stranger_is_refused_after_the_shape_of_the_body_was_looked_at()
    {
        (await house.Nobody().Post("/api/auth/update-user", new { name = "x" })).Expect(401, "UNAUTHORIZED");
        (await house.Nobody().PostRaw("/api/auth/update-user", "[]")).Expect(400, "VALIDATION_ERROR");
    }

    [Fact]
    public async Task Linked_accounts_are_listed_without_secrets()
    {
        var (alice, browser) = await TwoWaysIn();
        await house.Database.Tamper(
            """
            insert into auth.accounts (id, user_id, provider_id, account_id, scope, created_at, updated_at)
            select 'linked-' || id, id, 'github', id, 'read_user,repo', created_at + interval '1 hour', updated_at from auth.users where id = $1
            """,
            alice.Id
        );

        var reply = (await browser.Get("/api/auth/list-accounts")).Expect(200);

        var (credential, github) = (reply.Json[0], reply.Json[1]);
        Assert.Equal(2, reply.Json.GetArrayLength());
        Assert.Equal(
            ["accountId", "providerId", "userId", "createdAt", "updatedAt", "id", "scopes"],
            credential.EnumerateObject().Select(member => member.Name)
        );
        Assert.Equal("credential", credential.GetProperty("providerId").GetString());
        Assert.Equal(alice.Id, credential.GetProperty("accountId").GetString());
        Assert.Equal(0, credential.GetProperty("scopes").GetArrayLength());
        Assert.Equal(["read_user", "repo"], github.GetProperty("scopes").EnumerateArray().Select(scope => scope.GetString()));
        (await house.Nobody().Get("/api/auth/list-accounts")).Expect(401, "UNAUTHORIZED");
    }

    private async Task<(Person Alice, Person Browser)> TwoWaysIn()
    {
        var alice = await house.Person("alice");

        return (alice, await alice.InABrowser());
    }

    private static Task<Reply> Patch(Person person, object body) =>
        person.Send(HttpMethod.Patch, "/api/v1/me/profile", JsonContent.Create(body));

    private Task<long> Events(Person person, string type) =>
        house.Database.Read<long>("select count(*) from auth.security_events where user_id = $1 and event_type = $2", person.Id, type);
}
