using System.Net.Http.Json;
using System.Text.Json;
using Mana.Specs.World;

namespace Mana.Specs.Sessions;

/// <summary>Contract 1.1.4, 1.1.9 and 3.10: web apps on several sub-domains share one sign-in by its cookie.</summary>
public sealed class Sharing_a_sign_in(Sharing_a_sign_in.Parent house) : IClassFixture<Sharing_a_sign_in.Parent>
{
    private const string Chat = "https://chat.mana.example";

    private const string Notes = "https://notes.mana.example";

    [Fact]
    public async Task One_sign_in_serves_every_app_and_one_sign_out_ends_it_for_all()
    {
        var cookie = await SignIn();

        var session = (await Send("GET", "/api/auth/get-session", cookie, Notes)).Expect(200).Json.GetProperty("session");
        var notes = (await Send("POST", "/api/v1/auth/session-to-token", cookie, Notes)).Expect(200);
        var chat = (await Send("POST", "/api/v1/auth/session-to-token", cookie, Chat)).Expect(200);

        Assert.Equal(
            ["user", "accessToken", "refreshToken", "token", "expiresIn", "tokenType"],
            notes.Json.EnumerateObject().Select(member => member.Name)
        );
        Assert.Equal(session.GetProperty("token").GetString(), notes.Text("token"));
        Assert.Equal(session.GetProperty("id").GetString(), Claim(notes, "sid"));
        Assert.Equal(Claim(notes, "sid"), Claim(chat, "sid"));
        Assert.NotEqual(notes.Text("refreshToken"), chat.Text("refreshToken"));
        Assert.Equal(
            1,
            await house.Database.Read<long>(
                "select count(*) from auth.sessions where user_id = $1",
                notes.Json.GetProperty("user").GetProperty("id").GetString()!
            )
        );

        (await Send("POST", "/api/v1/auth/logout", cookie, Chat)).Expect(200);

        (await Balance(notes.Text("accessToken"))).Expect(401);
        (await Refresh(notes.Text("refreshToken"))).Expect(401);
        (await Send("POST", "/api/v1/auth/session-to-token", cookie, Notes)).Expect(401, "UNAUTHORIZED");
    }

    [Fact]
    public async Task Apps_that_refresh_in_turns_never_sign_each_other_out()
    {
        var cookie = await SignIn();
        var chat = (await Send("POST", "/api/v1/auth/session-to-token", cookie, Chat)).Expect(200).Text("refreshToken");
        var notes = (await Send("POST", "/api/v1/auth/session-to-token", cookie, Notes)).Expect(200).Text("refreshToken");

        for (var round = 0; round < 5; round++)
        {
            house.Clock.Move(TimeSpan.FromMinutes(14));
            chat = (await Refresh(chat)).Expect(200).Text("refreshToken");
            house.Clock.Move(TimeSpan.FromMinutes(1));
            notes = (await Refresh(notes)).Expect(200).Text("refreshToken");
        }
    }

    [Fact]
    public async Task REF_01_a_replay_in_one_app_ends_the_sign_in_for_all()
    {
        var cookie = await SignIn();
        var chat = (await Send("POST", "/api/v1/auth/session-to-token", cookie, Chat)).Expect(200);
        var notes = (await Send("POST", "/api/v1/auth/session-to-token", cookie, Notes)).Expect(200);
        (await Refresh(chat.Text("refreshToken"))).Expect(200);
        house.Clock.Move(TimeSpan.FromSeconds(31));

        (await Refresh(chat.Text("refreshToken"))).Expect(401, "UNAUTHORIZED");

        (await Refresh(notes.Text("refreshToken"))).Expect(401);
        (await Balance(notes.Text("accessToken"))).Expect(401);
        Assert.Equal("null", (await Send("GET", "/api/auth/get-session", cookie, Notes)).Body);
    }

    [Fact]
    public async Task An_app_that_asks_again_gets_the_token_it_has()
    {
        var cookie = await SignIn();

        var replies = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => Send("POST", "/api/v1/auth/session-to-token", cookie, Chat)));

        Assert.All(replies, reply => reply.Expect(200));
        Assert.Single(replies.Select(reply => reply.Text("refreshToken")).Distinct());
    }

    [Fact]
    public async Task Without_a_token_the_cookie_refreshes_and_is_sent_again()
    {
        var cookie = await SignIn();
        var before = (await Send("POST", "/api/v1/auth/session-to-token", cookie, Chat)).Expect(200).Text("refreshToken");

        var first = (await Send("POST", "/api/v1/auth/refresh", cookie, Chat)).Expect(200);
        var second = (await Send("POST", "/api/v1/auth/refresh", cookie, Chat)).Expect(200);

        Assert.NotEqual(before, first.Text("refreshToken"));
        Assert.Equal(first.Text("refreshToken"), second.Text("refreshToken"));
        Assert.Contains("; Domain=.mana.example; ", Assert.Single(first.SetCookies), StringComparison.Ordinal);
        house.Clock.Move(TimeSpan.FromSeconds(31));
        Assert.NotEqual(
            first.Text("refreshToken"),
            (await Send("POST", "/api/v1/auth/refresh", cookie, Chat)).Expect(200).Text("refreshToken")
        );
    }

    [Fact]
    public async Task Twenty_first_apps_make_room_and_ask_again_without_harm()
    {
        var cookie = await SignIn();
        var first = (await Send("POST", "/api/v1/auth/session-to-token", cookie, "https://app0.mana.example")).Expect(200);
        for (var number = 1; number <= 20; number++)
        {
            house.Clock.Move(TimeSpan.FromSeconds(1));
            (await Send("POST", "/api/v1/auth/session-to-token", cookie, $"https://app{number}.mana.example")).Expect(200);
        }

        (await Refresh(first.Text("refreshToken"))).Expect(401);
        (await Balance(first.Text("accessToken"))).Expect(200);
        var again = (await Send("POST", "/api/v1/auth/session-to-token", cookie, "https://app0.mana.example")).Expect(200);
        (await Refresh(again.Text("refreshToken"))).Expect(200);
    }

    [Fact]
    public async Task SES_02_with_a_parent_domain_the_cookie_names_it_and_is_as_secure_as_without()
    {
        var alice = house.Stranger("alice");
        await alice.Register("Alice");

        var cookie = Assert.Single((await alice.Login()).SetCookies);

        Assert.StartsWith("__Secure-mana.session_token=", cookie, StringComparison.Ordinal);
        Assert.EndsWith("; Max-Age=604800; Domain=.mana.example; Path=/; HttpOnly; Secure; SameSite=Lax", cookie, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET", "/api/auth/get-session")]
    [InlineData("GET", "/api/auth/list-sessions")]
    [InlineData("GET", "/sign-in")]
    [InlineData("POST", "/api/v1/auth/session-to-token")]
    [InlineData("POST", "/api/v1/auth/refresh")]
    [InlineData("POST", "/api/v1/auth/logout")]
    [InlineData("POST", "/api/auth/sign-out")]
    public async Task SES_03_two_sessions_from_before_and_after_the_parent_domain_was_set_are_both_cleared(string method, string path)
    {
        var (before, after) = (await SignIn(), await SignIn());

        var reply = await Send(method, path, $"{before}; {after}", Chat);

        Assert.DoesNotContain("accessToken", reply.Body, StringComparison.Ordinal);
        string[] names = ["session_token", "session_data", "dont_remember"];
        const string cleared = "=; Max-Age=0; ";
        const string rest = "Path=/; HttpOnly; Secure; SameSite=Lax";
        Assert.Equal(
            [
                .. names.Select(name => $"__Secure-mana.{name}{cleared}Domain=.mana.example; {rest}"),
                .. names.Select(name => $"__Secure-mana.{name}{cleared}{rest}"),
            ],
            reply.SetCookies
        );
    }

    [Fact]
    public async Task SES_03_signing_in_takes_back_what_stands_beside_the_new_cookie()
    {
        var alice = house.Stranger("alice");
        await alice.Register("Alice");
        var body = JsonContent.Create(new { email = alice.Email, password = alice.Password });
        var before = $"{await SignIn()}; {await SignIn()}";

        var reply = await alice.Send(HttpMethod.Post, "/api/auth/sign-in/email", body, ("Cookie", before), ("Origin", Chat));

        Assert.Equal("__Secure-mana.session_token=; Max-Age=0; Path=/; HttpOnly; Secure; SameSite=Lax", reply.Expect(200).SetCookies[0]);
        Assert.Contains("; Domain=.mana.example; ", reply.SetCookies[1], StringComparison.Ordinal);
        Assert.Equal(2, reply.SetCookies.Count);
    }

    [Theory]
    [InlineData("/api/v1/auth/session-to-token")]
    [InlineData("/api/v1/auth/refresh")]
    [InlineData("/api/v1/auth/logout")]
    public async Task WEB_01_a_foreign_page_gets_and_does_nothing_with_the_cookie(string path)
    {
        var cookie = await SignIn();

        (await Send("POST", path, cookie, "https://evil.example")).Expect(403, "FORBIDDEN");
        (await Send("POST", path, cookie, null)).Expect(403, "FORBIDDEN");

        Assert.NotEqual("null", (await Send("GET", "/api/auth/get-session", cookie, Chat)).Body);
    }

    [Fact]
    public async Task A_native_app_that_keeps_cookies_without_knowing_refreshes_by_its_token()
    {
        var alice = house.Stranger("alice");
        await alice.Register("Alice");
        var login = await alice.Login();

        var reply = await house
            .Nobody()
            .Send(
                HttpMethod.Post,
                "/api/v1/auth/refresh",
                JsonContent.Create(new { refreshToken = alice.RefreshToken }),
                ("Cookie", login.CookieHeader())
            );

        Assert.Equal(JsonValueKind.Null, reply.Expect(200).Json.GetProperty("token").ValueKind);
    }

    [Fact]
    public async Task Neither_token_nor_cookie_is_a_400_and_a_dead_cookie_a_401()
    {
        var cookie = await SignIn();
        (await Send("POST", "/api/v1/auth/logout", cookie, Chat)).Expect(200);

        (await house.Nobody().Post("/api/v1/auth/refresh")).Expect(400, "VALIDATION");
        (await house.Nobody().Post("/api/v1/auth/session-to-token")).Expect(401, "UNAUTHORIZED");
        (await Send("POST", "/api/v1/auth/refresh", cookie, Chat)).Expect(401, "UNAUTHORIZED");
    }

    private async Task<string> SignIn()
    {
        var alice = house.Stranger("alice");
        await alice.Register("Alice");
        var reply = await alice.Post("/api/auth/sign-in/email", new { email = alice.Email, password = alice.Password });
        Assert.Contains("; Domain=.mana.example; ", Assert.Single(reply.Expect(200).SetCookies), StringComparison.Ordinal);

        return reply.CookieHeader();
    }

    private Task<Reply> Send(string method, string path, string cookie, string? origin) =>
        house
            .Nobody()
            .Send(
                new HttpMethod(method),
                path,
                null,
                [("Cookie", cookie), .. origin is null ? Array.Empty<(string, string)>() : [("Origin", origin)]]
            );

    private Task<Reply> Refresh(string token) => house.Nobody().Post("/api/v1/auth/refresh", new { refreshToken = token });

    private Task<Reply> Balance(string token) =>
        house.Nobody().Send(HttpMethod.Get, "/api/v1/credits/balance", null, ("Authorization", $"Bearer {token}"));

    private static string Claim(Reply reply, string name)
    {
        var payload = System.Buffers.Text.Base64Url.DecodeFromChars(reply.Text("accessToken").Split('.')[1]);

        return JsonElement.Parse(payload).GetProperty(name).GetString()!;
    }

    /// <summary>The service below a parent domain, its apps beside it.</summary>
    public sealed class Parent : House
    {
        protected override void Configure(Dictionary<string, string> environment)
        {
            environment["BASE_URL"] = "https://auth.mana.example";
            environment["COOKIE_DOMAIN"] = ".mana.example";
            environment["CORS_ORIGINS"] = $"{Chat},{Notes}";
            environment["TRUSTED_ORIGINS"] = "https://*.mana.example";
        }
    }
}
