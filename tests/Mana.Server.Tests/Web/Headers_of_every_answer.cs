using System.Net.Sockets;
using System.Text;
using Mana.Specs.World;

namespace Mana.Specs.Web;

/// <summary>WEB-08, WEB-09 and WEB-10: what every answer carries, whatever becomes of the request.</summary>
public sealed class Headers_of_every_answer(House house) : IClassFixture<House>
{
    public static TheoryData<string> Methods => ["GET", "HEAD", "POST", "OPTIONS", "DELETE", "TRACE", "FOO"];

    [Theory]
    [MemberData(nameof(Methods))]
    public async Task WEB_08_every_route_and_every_failure_carries_the_security_headers(string method)
    {
        string[] nowhere = ["/api/v1/nowhere", "/api/auth/nowhere", "/api/auth//ok", "/nowhere", "/api/v1/auth/login/", "/openapi/v1.json"];
        foreach (var path in ServedRoute.All(house).Select(route => route.Path).Concat(nowhere))
        {
            var reply = await house.Nobody().Send(new HttpMethod(method), path, null);

            Assert.True(reply.Status < 500, $"{method} {path} is {reply.Status}");
            var why = $"{method} {path} ({reply.Status})";
            Assert.True(
                reply.Header("Strict-Transport-Security")?.Contains("max-age=31536000; includeSubDomains", StringComparison.Ordinal),
                why
            );
            Assert.True(reply.Header("X-Content-Type-Options") == "nosniff", why);
            var policy = reply.Header("Content-Security-Policy") ?? "";
            Assert.All(
                new[] { "default-src 'none'", "base-uri 'self'", "frame-ancestors 'none'" },
                rule => Assert.True(policy.Contains(rule, StringComparison.Ordinal), why)
            );
            Assert.False(policy.Contains("unsafe", StringComparison.Ordinal), why);
            Assert.True(reply.Header("Referrer-Policy") is "strict-origin-when-cross-origin" or "no-referrer" or "same-origin", why);
            Assert.True(reply.Header("X-Frame-Options") == "DENY", why);
            Assert.True(reply.Header("Server") is null && reply.Header("X-Powered-By") is null, why);
        }
    }

    [Fact]
    public async Task WEB_09_an_answer_about_somebody_is_kept_by_nobody()
    {
        var alice = await house.Person("alice");
        var login = await alice.Login();
        alice.Cookies = login.CookieHeader();
        foreach (var route in ServedRoute.All(house).Where(route => !MayBeKept(route.Path)))
        {
            foreach (var method in route.Methods)
            {
                var reply = await alice.Send(new HttpMethod(method), route.Path, null);

                Assert.Equal($"{method} {route.Path} no-store", $"{method} {route.Path} {reply.Header("Cache-Control")}");
            }

            // Some of these sign out; whoever comes next is signed in again.
            alice.Cookies = (await alice.Login()).CookieHeader();
        }
    }

    [Fact]
    public async Task WEB_09_what_may_be_kept_sets_no_cookie_and_hides_behind_no_other_name()
    {
        var alice = await house.Person("alice");
        alice.Cookies = (await alice.Login()).CookieHeader();
        foreach (var path in ServedRoute.All(house).Select(route => route.Path).Where(MayBeKept).Append("/assets/app.css"))
        {
            var reply = await alice.Get(path);

            Assert.Empty(reply.SetCookies);
            Assert.DoesNotContain(alice.Email, reply.Body, StringComparison.Ordinal);
        }

        string[] disguised =
        [
            "/api/v1/auth/session/x.css",
            "/api/v1/auth/session.css",
            "/api/auth/get-session/x.css",
            "/api/v1/credits/balance;x.css",
        ];
        foreach (var path in disguised)
        {
            (await alice.Get(path)).Expect(404);
        }
    }

    [Fact]
    public async Task WEB_09_a_part_or_an_older_copy_of_it_is_not_answered_from_a_cache()
    {
        var alice = await house.Person("alice");
        var login = await alice.Login();

        var reply = await house
            .Nobody()
            .Send(
                HttpMethod.Get,
                "/api/auth/get-session",
                null,
                ("Cookie", login.CookieHeader()),
                ("Range", "bytes=0-3"),
                ("If-None-Match", "*"),
                ("If-Modified-Since", "Sat, 01 Jan 2050 00:00:00 GMT")
            );

        Assert.Contains(alice.Email, reply.Expect(200).Body, StringComparison.Ordinal);
        Assert.Null(reply.Header("ETag"));
    }

    [Theory]
    [InlineData("/api/v1/nowhere%0d%0aX-Evil:%20yes")]
    [InlineData("/api/v1/health/%0d%0aX-Evil:%20yes/")]
    [InlineData("/api/auth/verify-email?token=x&callbackURL=/a%0d%0aX-Evil:%20yes")]
    [InlineData("/api/auth/error?error=%0d%0aX-Evil:%20yes")]
    [InlineData("/%0d%0aX-Evil:%20yes")]
    public async Task WEB_10_a_line_break_in_an_address_makes_no_header(string path)
    {
        var reply = await house.Nobody().Get(path);

        Assert.True(reply.Status < 500, $"{reply.Status}");
        Assert.Null(reply.Header("X-Evil"));
        Assert.Null(reply.Header("Location")?.Split('\n', '\r').ElementAtOrDefault(1));
    }

    [Theory]
    [InlineData("abc\tdef")]
    [InlineData("<script>")]
    [InlineData("a b")]
    [InlineData("x,y")]
    public async Task WEB_10_a_request_id_that_is_none_is_replaced(string sent)
    {
        var reply = await house.Nobody().Send(HttpMethod.Get, "/api/v1/nowhere", null, ("X-Request-Id", sent));

        Assert.Matches("^[0-9A-Za-z-]{8,64}$", reply.Header("X-Request-Id"));
        Assert.Equal(reply.Header("X-Request-Id"), reply.Expect(404).Text("requestId"));
    }

    [Theory]
    [InlineData("TRACE")]
    [InlineData("FOO")]
    public async Task WEB_11_a_method_nobody_serves_is_refused(string method)
    {
        foreach (var route in ServedRoute.All(house))
        {
            var reply = await house.Nobody().Send(new HttpMethod(method), route.Path, null, ("X-Secret", "mirrored"));

            Assert.True(reply.Status == (route.IsWire ? 404 : 405), $"{method} {route.Path} is {reply.Status}");
            Assert.DoesNotContain("mirrored", reply.Body, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task WEB_11_nobody_is_connected_through_us()
    {
        using var client = new TcpClient();
        await client.ConnectAsync("localhost", house.Address.Port);
        await using var stream = client.GetStream();
        await stream.WriteAsync(
            Encoding.ASCII.GetBytes($"CONNECT {house.Address.Authority} HTTP/1.1\r\nHost: {house.Address.Authority}\r\n\r\n")
        );
        using var reader = new StreamReader(stream, Encoding.ASCII);

        Assert.Matches("^HTTP/1.1 4[0-9]{2} ", await reader.ReadLineAsync());
    }

    private static bool MayBeKept(string path) =>
        path.EndsWith("jwks", StringComparison.Ordinal)
        || path.EndsWith("jwks.json", StringComparison.Ordinal)
        || path.StartsWith("/assets/", StringComparison.Ordinal);
}
