using Mana.Specs.World;

namespace Mana.Specs.Web;

/// <summary>WEB-03 and WEB-04: which pages of other origins may read an answer. One list serves this, Origin checks and redirects (B-15).</summary>
public sealed class Reading_from_another_site(FrontHouse house) : IClassFixture<FrontHouse>
{
    public static TheoryData<string> Strangers =>
        [
            "https://app.mana.how.evil.test",
            "https://evilmana.how",
            "http://app.mana.how",
            "https://app.mana.how:8443",
            "https://APP.mana.how",
            "HTTPS://app.mana.how",
            "https://app.mana.how/",
            "https://x.apps.mana.how",
            "null",
            "https://app.mana.how, https://evil.test",
            "https://" + new string('a', 10_000) + ".test",
        ];

    [Theory]
    [MemberData(nameof(Strangers))]
    public async Task WEB_03_a_stranger_may_read_nothing(string origin)
    {
        foreach (var path in new[] { "/api/auth/ok", "/api/v1/health", "/api/v1/auth/jwks", "/api/v1/nowhere", "/" })
        {
            var reply = await house.Nobody().Send(HttpMethod.Get, path, null, ("Origin", origin));

            Assert.DoesNotContain(reply.Headers.Keys, name => name.StartsWith("Access-Control-", StringComparison.OrdinalIgnoreCase));
            Assert.StartsWith("Origin", reply.Header("Vary"), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task WEB_03_a_front_end_of_ours_may_with_credentials_and_by_its_own_name()
    {
        foreach (var origin in new[] { FrontHouse.Origin, house.Address.GetLeftPart(UriPartial.Authority) })
        {
            var reply = await house.Nobody().Send(HttpMethod.Get, "/api/auth/ok", null, ("Origin", origin));

            Assert.Equal(origin, reply.Header("Access-Control-Allow-Origin"));
            Assert.Equal("true", reply.Header("Access-Control-Allow-Credentials"));
            Assert.Equal("Origin", reply.Header("Vary"));
            foreach (var name in new[] { "set-auth-token", "set-auth-jwt", "X-Retry-After", "Retry-After", "X-Request-Id" })
            {
                Assert.Contains(name, reply.Header("Access-Control-Expose-Headers"), StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public async Task WEB_03_a_refusal_may_be_read_as_well()
    {
        var reply = await house.Nobody().Send(HttpMethod.Get, "/api/v1/credits/balance", null, ("Origin", FrontHouse.Origin));

        Assert.Equal(FrontHouse.Origin, reply.Expect(401).Header("Access-Control-Allow-Origin"));
    }

    [Fact]
    public async Task WEB_04_a_preflight_of_every_route_names_limited_methods_and_headers()
    {
        foreach (var route in ServedRoute.All(house).Where(route => !IsForServices(route)))
        {
            var reply = (await Preflight(route.Path, FrontHouse.Origin)).Expect(204);

            Assert.Equal(FrontHouse.Origin, reply.Header("Access-Control-Allow-Origin"));
            Assert.Equal("true", reply.Header("Access-Control-Allow-Credentials"));
            Assert.Equal("GET, POST, PUT, DELETE, PATCH, OPTIONS", reply.Header("Access-Control-Allow-Methods"));
            var headers = reply.Header("Access-Control-Allow-Headers")!;
            Assert.Contains("Content-Type, Authorization", headers, StringComparison.Ordinal);
            Assert.DoesNotContain("*", headers, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task WEB_04_what_other_services_ask_answers_no_page()
    {
        var asked = ServedRoute.All(house).Where(IsForServices).ToArray();
        Assert.NotEmpty(asked);
        foreach (var route in asked)
        {
            var reply = await Preflight(route.Path, FrontHouse.Origin);

            Assert.NotEqual(204, reply.Status);
            Assert.Null(reply.Header("Access-Control-Allow-Origin"));
        }
    }

    [Theory]
    [InlineData("https://evil.test")]
    [InlineData("https://x.apps.mana.how")]
    [InlineData("null")]
    public async Task WEB_04_a_stranger_gets_no_preflight(string origin)
    {
        var reply = await Preflight("/api/auth/sign-in/email", origin);

        Assert.Equal(404, reply.Status);
        Assert.Null(reply.Header("Access-Control-Allow-Origin"));
    }

    private static bool IsForServices(ServedRoute route) =>
        route.Path == "/metrics" || route.Path.StartsWith("/api/v1/internal/", StringComparison.Ordinal);

    private Task<Reply> Preflight(string path, string origin) =>
        house
            .Nobody()
            .Send(
                HttpMethod.Options,
                path,
                null,
                ("Origin", origin),
                ("Access-Control-Request-Method", "POST"),
                ("Access-Control-Request-Headers", "content-type, authorization, x-anything")
            );
}

/// <summary>A house with one front end that may read, and others by pattern that may only act and be led to.</summary>
public sealed class FrontHouse : House
{
    public const string Origin = "https://app.mana.how";

    protected override void Configure(Dictionary<string, string> environment)
    {
        environment["CORS_ORIGINS"] = Origin;
        environment["TRUSTED_ORIGINS"] = "https://*.apps.mana.how,mana://";
        environment["MAIL_LINKS"] = "direct";
        environment["REQUIRE_EMAIL_VERIFICATION"] = "on";
    }
}
