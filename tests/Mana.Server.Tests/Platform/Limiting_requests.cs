using Mana.Specs.World;

namespace Mana.Specs.Platform;

/// <summary>Ruling 20, "Set B" of contract 3.10, B-61: our own surface.</summary>
public sealed class Limiting_requests(LimitedHouse house) : IClassFixture<LimitedHouse>
{
    private const string Login = "/api/v1/auth/login";

    private const string Session = "/api/v1/auth/session";

    [Theory]
    [InlineData("POST", Login, 10)]
    [InlineData("POST", "/api/v1/auth/register", 5)]
    [InlineData("POST", "/api/v1/auth/logout", 100)]
    [InlineData("GET", Session, 100)]
    [InlineData("POST", "/api/v1/auth/validate", 1000)]
    [InlineData("GET", "/api/v1/credits/balance", 100)]
    [InlineData("POST", "/verify-email/new-link", 3)]
    public async Task B_61_a_route_has_its_number_a_minute_and_no_more(string method, string path, int max)
    {
        var address = Visitor.NewAddress();
        for (var count = 1; count <= max; count++)
        {
            Assert.NotEqual(429, (await Ask(method, path, address)).Status);
        }

        IsLimited(await Ask(method, path, address), seconds: 60);
        Assert.NotEqual(429, (await Ask(method, path, Visitor.NewAddress())).Status);
        house.Clock.Move(TimeSpan.FromSeconds(59));
        IsLimited(await Ask(method, path, address), seconds: 1);
        house.Clock.Move(TimeSpan.FromSeconds(1));
        Assert.NotEqual(429, (await Ask(method, path, address)).Status);
    }

    [Fact]
    public async Task What_is_left_is_told_with_every_answer()
    {
        var address = Visitor.NewAddress();

        var first = await Ask("GET", Session, address);
        house.Clock.Move(TimeSpan.FromSeconds(12));
        var second = await Ask("GET", Session, address);

        Assert.Equal("100 99 60", Told(first));
        Assert.Equal("100 98 48", Told(second));
    }

    [Fact]
    public async Task Every_route_and_every_method_counts_for_itself()
    {
        var address = Visitor.NewAddress();
        await UseUp(Login, address, 10);

        Assert.NotEqual(429, (await Ask("POST", "/api/v1/auth/register", address)).Status);
        (await Ask("GET", Login, address)).Expect(405);
        Assert.NotEqual(429, (await Ask("GET", "/verify-email", address)).Status);
    }

    [Fact]
    public async Task BRF_04_spellings_of_a_path_are_no_second_budget()
    {
        var address = Visitor.NewAddress();
        await UseUp(Login, address, 10);

        (await Ask("POST", "/api/v1/auth/LOGIN", address)).Expect(429, "RATE_LIMITED");
        (await Ask("POST", "/API/v1/auth/login", address)).Expect(429, "RATE_LIMITED");
        (await Ask("POST", "/api/v1/auth/login?again", address)).Expect(429, "RATE_LIMITED");
        (await Ask("POST", "//api/v1/auth/login", address)).Expect(404);
        (await Ask("POST", "/api/v1/auth/login/", address)).Expect(301);
    }

    [Fact]
    public async Task Paths_that_lead_nowhere_count_together()
    {
        var address = Visitor.NewAddress();
        for (var count = 1; count <= 100; count++)
        {
            (await Ask(count % 2 == 0 ? "GET" : "POST", $"/api/v1/nowhere/{count}", address)).Expect(404);
        }

        (await Ask("GET", "/api/v1/somewhere-else", address)).Expect(429, "RATE_LIMITED");
        (await Ask("GET", "/wp-login.php", address)).Expect(429, "RATE_LIMITED");
    }

    [Fact]
    public async Task BRF_07_a_thousand_addresses_of_one_IPv6_network_are_one_client()
    {
        var number = 0;
        for (var count = 1; count <= 10; count++)
        {
            Assert.NotEqual(429, (await Ask("POST", Login, Next())).Status);
        }

        foreach (var count in Enumerable.Range(0, 90))
        {
            (await Ask("POST", Login, count % 2 == 0 ? Next() : Next().ToUpperInvariant())).Expect(429, "RATE_LIMITED");
        }

        Assert.NotEqual(429, (await Ask("POST", Login, "2001:db8:7:8::1")).Status);

        string Next() => $"2001:db8:7:7:{++number:x}::{number * 7:x}";
    }

    [Theory]
    [InlineData("198.51.100.77", "::ffff:198.51.100.77")]
    [InlineData("198.51.100.78", "203.0.113.9, 198.51.100.78")]
    [InlineData("198.51.100.79", "203.0.113.9,, 198.51.100.79, 127.0.0.1")]
    public async Task INP_10_what_a_client_writes_before_its_own_address_makes_no_new_client(string plain, string written)
    {
        await UseUp(Login, plain, 10);

        (await Ask("POST", Login, written)).Expect(429, "RATE_LIMITED");
    }

    [Fact]
    public async Task Exactly_so_many_of_a_crowd_pass()
    {
        var address = Visitor.NewAddress();

        var answers = await Task.WhenAll(Enumerable.Range(0, 150).Select(_ => Ask("GET", Session, address)));

        Assert.Equal(100, answers.Count(answer => answer.Status == 401));
        Assert.Equal(50, answers.Count(answer => answer.Status == 429));
    }

    [Fact]
    public async Task BRF_08_limits_before_secrets_are_shared_by_instances_and_survive_a_restart()
    {
        await using var neighbour = await house.OpenNeighbour();
        var address = Visitor.NewAddress();

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 60).Select(at => Ask("POST", Login, address, at % 2 == 0 ? house.Http : neighbour.Http))
        );

        Assert.Equal(10, answers.Count(answer => answer.Status != 429));
        Assert.All(answers.Where(answer => answer.Status == 429), answer => IsLimited(answer, seconds: 60));
        await house.Restart();
        house.Clock.Move(TimeSpan.FromSeconds(20));
        IsLimited(await Ask("POST", Login, address), seconds: 40);
        IsLimited(await Ask("POST", Login, address, neighbour.Http), seconds: 40);
        house.Clock.Move(TimeSpan.FromSeconds(40));
        Assert.NotEqual(429, (await Ask("POST", Login, address)).Status);
    }

    [Fact]
    public async Task A_person_is_counted_over_all_addresses_and_routes()
    {
        var alice = house.Stranger();
        var credentials = new { email = alice.Email, password = alice.Password };
        (await Ask("POST", "/api/v1/auth/register", Visitor.NewAddress(), null, credentials)).Expect(201);
        var token = (await Ask("POST", Login, Visitor.NewAddress(), null, credentials)).Expect(200).Text("accessToken");
        for (var count = 1; count <= 300; count++)
        {
            (await Authorized(count % 2 == 0 ? Session : "/api/v1/credits/balance")).Expect(200);
        }

        IsLimited(await Authorized(Session), seconds: 60);
        IsLimited(await Authorized("/api/v1/credits/transactions"), seconds: 60);
        house.Clock.Move(TimeSpan.FromSeconds(60));
        (await Authorized(Session)).Expect(200);

        Task<Reply> Authorized(string path) =>
            Visitor.Ask(house.Http, HttpMethod.Get, path, Visitor.NewAddress(), null, ("Authorization", $"Bearer {token}"));
    }

    [Fact]
    public async Task Another_service_is_counted_by_its_name_and_may_validate_as_it_likes()
    {
        var address = Visitor.NewAddress();
        for (var count = 1; count <= 1_001; count++)
        {
            (await OfService("POST", "/api/v1/auth/validate", "chat", new { token = "x" })).Expect(200);
        }

        for (var count = 1; count <= LimitedHouse.AppMax; count++)
        {
            (await OfService("GET", Session, "chat")).Expect(401);
        }

        IsLimited(await OfService("GET", Session, "chat"), seconds: 60);
        (await OfService("GET", Session, "mail")).Expect(401);
        (await Ask("GET", Session, address)).Expect(401);

        Task<Reply> OfService(string method, string path, string app, object? body = null) =>
            Visitor.Ask(house.Http, HttpMethod.Parse(method), path, address, body, ("X-Service-Key", "dev-service-key"), ("X-App-Id", app));
    }

    [Fact]
    public async Task A_wrong_service_key_is_no_way_around()
    {
        var address = Visitor.NewAddress();
        await UseUp(Login, address, 10);

        (
            await Visitor.Ask(house.Http, HttpMethod.Post, Login, address, null, ("X-Service-Key", "dev-service-kex"), ("X-App-Id", "chat"))
        ).Expect(429, "RATE_LIMITED");
    }

    private Task<Reply> Ask(string method, string path, string address, HttpClient? http = null, object? body = null) =>
        Visitor.Ask(http ?? house.Http, HttpMethod.Parse(method), path, address, body);

    private async Task UseUp(string path, string address, int max)
    {
        for (var count = 1; count <= max; count++)
        {
            Assert.NotEqual(429, (await Ask("POST", path, address)).Status);
        }
    }

    private static void IsLimited(Reply reply, int seconds)
    {
        Assert.Equal(429, reply.Status);
        Assert.Equal($"{seconds}", reply.Header("Retry-After"));
        Assert.Equal($"{seconds}", reply.Header("X-Retry-After"));
        Assert.Equal("0", reply.Header("X-RateLimit-Remaining"));
        if (reply.Header("Content-Type")!.StartsWith("application/", StringComparison.Ordinal))
        {
            Assert.Equal("RATE_LIMITED", reply.Code);
            Assert.Equal(seconds, reply.Json.GetProperty("retryAfterSec").GetInt32());
        }
    }

    private static string Told(Reply reply) =>
        $"{reply.Header("X-RateLimit-Limit")} {reply.Header("X-RateLimit-Remaining")} {reply.Header("X-RateLimit-Reset")}";
}
