using Mana.Specs.World;

namespace Mana.Specs.Platform;

/// <summary>The limiter of Better Auth (wire section 6).</summary>
public sealed class Limiting_requests_on_the_wire(LimitedHouse house) : IClassFixture<LimitedHouse>
{
    [Theory]
    [InlineData("POST", "/sign-in/email", 3, 10)]
    [InlineData("POST", "/sign-up/email", 3, 10)]
    [InlineData("POST", "/sign-in/magic-link", 5, 60)]
    [InlineData("GET", "/magic-link/verify", 5, 60)]
    [InlineData("POST", "/change-password", 3, 10)]
    [InlineData("POST", "/change-email", 3, 10)]
    [InlineData("POST", "/verify-password", 3, 10)]
    [InlineData("POST", "/two-factor/verify-totp", 3, 10)]
    [InlineData("POST", "/request-password-reset", 3, 60)]
    [InlineData("POST", "/send-verification-email", 3, 60)]
    [InlineData("POST", "/forget-password", 3, 60)]
    [InlineData("POST", "/email-otp/send-verification-otp", 3, 60)]
    [InlineData("GET", "/get-session", 100, 10)]
    [InlineData("GET", "/ok", 100, 10)]
    [InlineData("POST", "/reset-password", 100, 10)]
    [InlineData("POST", "/delete-user", 100, 10)]
    [InlineData("GET", "/unknown", 100, 10)]
    public async Task Each_path_has_the_number_and_the_window_of_the_reference(string method, string path, int max, int seconds)
    {
        var address = Visitor.NewAddress();
        for (var count = 1; count <= max; count++)
        {
            Assert.NotEqual(429, (await Ask(method, path, address)).Status);
        }

        var refused = await Ask(method, path, address);

        Assert.Equal(429, refused.Status);
        Assert.Equal("""{"message":"Too many requests. Please try again later."}""", refused.Body);
        Assert.Equal("application/json", refused.Header("Content-Type"));
        Assert.Equal($"{seconds}", refused.Header("X-Retry-After"));
        Assert.Equal($"{seconds}", refused.Header("Retry-After"));
        Assert.NotEqual(429, (await Ask(method, path, Visitor.NewAddress())).Status);
    }

    [Theory]
    [InlineData("/sign-in/email")] // counted in the database
    [InlineData("/sign-in/unknown")] // counted in memory
    public async Task The_window_begins_anew_with_every_request_that_passes_and_with_no_other(string path)
    {
        var address = Visitor.NewAddress();
        foreach (var pause in new[] { 0, 9, 9 })
        {
            house.Clock.Move(TimeSpan.FromSeconds(pause));
            Assert.NotEqual(429, (await Ask("POST", path, address)).Status);
        }

        house.Clock.Move(TimeSpan.FromSeconds(9));
        Assert.Equal("1", (await Ask("POST", path, address)).Expect(429).Header("X-Retry-After"));
        house.Clock.Move(TimeSpan.FromSeconds(1));
        for (var count = 1; count <= 3; count++)
        {
            Assert.NotEqual(429, (await Ask("POST", path, address)).Status);
        }

        (await Ask("POST", path, address)).Expect(429);
    }

    [Fact]
    public async Task The_method_is_no_part_of_the_key_and_neither_is_a_slash_at_the_end()
    {
        var address = Visitor.NewAddress();
        (await Ask("GET", "/sign-in/email", address)).Expect(404);
        (await Ask("POST", "/sign-in/email/", address)).Expect(404);
        Assert.NotEqual(404, (await Ask("POST", "/sign-in/email", address)).Status);

        (await Ask("POST", "/sign-in/email", address)).Expect(429);
        (await Ask("POST", "/sign-in/email//", address)).Expect(429);
        (await Ask("DELETE", "/sign-in/email", address)).Expect(429);
        (await Ask("POST", "/sign-in/other", address)).Expect(404);
    }

    [Fact]
    public async Task Too_many_wins_over_everything_that_is_wrong_with_a_request()
    {
        var address = Visitor.NewAddress();
        for (var count = 1; count <= 3; count++)
        {
            (await Ask("POST", "/sign-up/email", address, new { })).Expect(400);
        }

        (await Ask("POST", "/sign-up/email", address, new { callbackURL = "https://evil.example" })).Expect(429);
        (
            await Visitor.Ask(house.Http, HttpMethod.Post, "/api/auth/sign-up/email", address, null, ("Origin", "https://evil.example"))
        ).Expect(429);
    }

    [Fact]
    public async Task Keys_are_never_limited()
    {
        var address = Visitor.NewAddress();
        for (var count = 1; count <= 101; count++)
        {
            (await Ask("GET", "/jwks", address)).Expect(200);
        }
    }

    [Fact]
    public async Task BRF_08_two_instances_count_sign_ins_together()
    {
        await using var neighbour = await house.OpenNeighbour();
        for (var round = 1; round <= 5; round++)
        {
            var address = Visitor.NewAddress();

            var answers = await Task.WhenAll(
                Enumerable
                    .Range(0, 40)
                    .Select(at => Ask("POST", "/sign-in/email", address, null, at % 2 == 0 ? house.Http : neighbour.Http))
            );

            Assert.Equal(3, answers.Count(answer => answer.Status != 429));
            Assert.All(answers.Where(answer => answer.Status == 429), answer => Assert.Equal("10", answer.Header("X-Retry-After")));
        }
    }

    private Task<Reply> Ask(string method, string path, string address, object? body = null, HttpClient? http = null) =>
        Visitor.Ask(http ?? house.Http, HttpMethod.Parse(method), "/api/auth" + path, address, body);
}
