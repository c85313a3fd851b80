using System.Text;
using Mana.Specs.World;

namespace Mana.Specs.Web;

/// <summary>WEB-01: what a browser sends along on its own is no wish of the person in front of it.</summary>
public sealed class Acting_from_another_site(House house) : IClassFixture<House>
{
    private const string Evil = "https://evil.example";

    public static TheoryData<string, string> ForeignHeaders =>
        new()
        {
            { "Origin", Evil },
            { "Origin", "null" },
            { "Origin", "http://localhost:3000.evil.example" },
            { "Referer", Evil + "/page" },
            { "Sec-Fetch-Site", "cross-site" },
            { "X-Nothing", "at all" },
        };

    [Theory]
    [MemberData(nameof(ForeignHeaders))]
    public async Task WEB_01_a_cookie_alone_changes_nothing(string name, string value)
    {
        var (cookies, token) = await SignedIn();

        foreach (var path in new[] { "/api/v1/auth/logout", "/api/auth/sign-out", "/api/auth/update-user" })
        {
            var reply = await Post(path, "{\"name\":\"Mallory\"}", "application/json", ("Cookie", cookies), (name, value));

            Assert.Equal(403, reply.Status);
            Assert.Empty(reply.SetCookies);
        }

        var session = (
            await house.Nobody().Send(HttpMethod.Get, "/api/auth/get-session", null, ("Authorization", $"Bearer {token}"))
        ).Expect(200);
        Assert.Equal("alice", session.Json.GetProperty("user").GetProperty("name").GetString());
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("multipart/form-data; boundary=b")]
    public async Task WEB_01_a_body_a_form_can_send_is_refused_before_anything_else(string type)
    {
        var (cookies, _) = await SignedIn();

        foreach (var path in new[] { "/api/auth/update-user", "/api/auth/sign-out" })
        {
            (await Post(path, "name=Mallory", type, ("Cookie", cookies), ("Origin", Evil))).Expect(415, "UNSUPPORTED_MEDIA_TYPE");
        }
    }

    [Theory]
    [InlineData("/api/auth/sign-in/email")]
    [InlineData("/api/auth/sign-up/email")]
    public async Task WEB_01_nobody_is_signed_in_to_a_strangers_account(string path)
    {
        var mallory = await house.Person("mallory");
        var json = $$"""{"email":"{{mallory.Email}}","password":"{{mallory.Password}}","name":"M"}""";
        var form = $"email={Uri.EscapeDataString(mallory.Email)}&password={Uri.EscapeDataString(mallory.Password)}&name=M";

        (await Post(path, json, "application/json", ("Origin", Evil))).Expect(403, "INVALID_ORIGIN");
        (await Post(path, json, "application/json", ("Origin", "null"))).Expect(403, "MISSING_OR_NULL_ORIGIN");
        (await Post(path, json, "application/json", ("Sec-Fetch-Mode", "cors"))).Expect(403, "MISSING_OR_NULL_ORIGIN");
        (await Post(path, form, "application/x-www-form-urlencoded", ("Origin", Evil))).Expect(403, "INVALID_ORIGIN");
        (await Post(path, json, "text/plain", ("Origin", Evil))).Expect(415, "UNSUPPORTED_MEDIA_TYPE");
        var navigation = await Post(
            path,
            form,
            "application/x-www-form-urlencoded",
            ("Sec-Fetch-Site", "cross-site"),
            ("Sec-Fetch-Mode", "navigate"),
            ("Origin", "http://localhost:3000")
        );
        Assert.Empty(navigation.Expect(403, "CROSS_SITE_NAVIGATION_LOGIN_BLOCKED").SetCookies);
    }

    [Fact]
    public async Task WEB_01_a_null_origin_is_our_own_only_at_our_own_address()
    {
        var (cookies, _) = await SignedIn();
        var own = new[] { ("Cookie", cookies), ("Origin", "null"), ("Sec-Fetch-Site", "same-origin") };

        (await Post("/api/auth/sign-out", "{}", "application/json", [.. own, ("Host", $"127.0.0.1:{house.Address.Port}")])).Expect(
            403,
            "MISSING_OR_NULL_ORIGIN"
        );
        (await Post("/api/auth/sign-out", "{}", "application/json", own)).Expect(200);
    }

    [Theory]
    [InlineData("http://localhost:3000")]
    [InlineData(Evil)]
    [InlineData("null")]
    public async Task WEB_01_a_form_of_ours_is_posted_by_our_own_pages_alone(string origin)
    {
        var reply = await Post(
            "/sign-in",
            "email=a%40example.com&password=x",
            "application/x-www-form-urlencoded",
            ("Origin", origin),
            ("Accept", "text/html")
        );

        Assert.Equal(403, reply.Status);
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("HEAD")]
    public async Task WEB_02_reading_a_path_that_changes_something_changes_nothing(string method)
    {
        var (cookies, _) = await SignedIn();
        await house.Idle();
        var before = await Rows();

        foreach (var route in ServedRoute.All(house).Where(route => !route.Methods.Contains("GET")))
        {
            var reply = await house.Nobody().Send(new HttpMethod(method), route.Path, null, ("Cookie", cookies));

            if (route.IsWire)
            {
                Assert.Equal((404, ""), (reply.Status, reply.Body)); // as the wire has it (section 1.1)
            }
            else
            {
                Assert.True(reply.Status == 405, $"{method} {route.Path} is {reply.Status}");
                Assert.Equal(string.Join(", ", route.Methods), reply.Header("Allow"));
            }
        }

        Assert.Equal(before, await Rows());
    }

    private async Task<(string Cookies, string Token)> SignedIn()
    {
        var alice = house.Stranger("alice");
        await alice.Register("alice");
        var login = await Post(
            "/api/auth/sign-in/email",
            $$"""{"email":"{{alice.Email}}","password":"{{alice.Password}}"}""",
            "application/json"
        );

        return (login.Expect(200).CookieHeader(), login.Text("token"));
    }

    /// <summary>Everything a request could have written.</summary>
    private Task<string> Rows() =>
        house.Database.Read<string>(
            """
            select concat_ws(' ',
                (select count(*) from auth.users), (select count(*) from auth.sessions where revoked_at is null),
                (select count(*) from auth.security_events), (select count(*) from auth.verification_tokens),
                (select count(*) from credits.transactions), (select count(*) from jobs.jobs))
            """
        );

    private Task<Reply> Post(string path, string body, string type, params (string Name, string Value)[] headers)
    {
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        content.Headers.TryAddWithoutValidation("Content-Type", type);

        return house.Nobody().Send(HttpMethod.Post, path, content, headers);
    }
}
