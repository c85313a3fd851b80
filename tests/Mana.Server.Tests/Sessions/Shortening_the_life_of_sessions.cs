using Mana.Specs.World;

namespace Mana.Specs.Sessions;

/// <summary>REF-05, SES-06: one instance lets a sign-in last half a year, and the next of the deployment an hour.</summary>
public sealed class Shortening_the_life_of_sessions(Shortening_the_life_of_sessions.Changing house)
    : IClassFixture<Shortening_the_life_of_sessions.Changing>
{
    [Fact]
    public async Task A_session_beyond_the_new_limit_is_over_and_nobody_is_given_tokens_that_have_expired()
    {
        var (alice, bob) = (await house.Person("alice"), await house.Person("bob"));
        var browser = await alice.InABrowser();
        house.Clock.Move(TimeSpan.FromMinutes(50));
        var later = await bob.InAnotherApp();
        house.Clock.Move(TimeSpan.FromMinutes(10));
        (await Ask(house.Http, HttpMethod.Post, "/api/v1/auth/refresh", bob.RefreshToken)).Expect(200);

        house.AbsoluteLife = "1h";
        await using var next = await house.OpenNeighbour();

        (await Ask(next.Http, HttpMethod.Post, "/api/v1/auth/refresh", alice.RefreshToken)).Expect(401, "TOKEN_EXPIRED");
        Assert.Equal("null", (await Ask(next.Http, HttpMethod.Get, "/api/auth/get-session", null, browser.Cookies)).Expect(200).Body);
        var kept = (await Ask(next.Http, HttpMethod.Post, "/api/v1/auth/refresh", later.RefreshToken)).Expect(200);
        Assert.Equal(900, kept.Json.GetProperty("expiresIn").GetInt32());
    }

    private static Task<Reply> Ask(HttpClient instance, HttpMethod method, string path, string? refreshToken, string? cookies = null) =>
        Visitor.Ask(
            instance,
            method,
            path,
            "203.0.113.9",
            refreshToken is null ? null : new { refreshToken },
            cookies is null ? [] : [("Cookie", cookies)]
        );

    public sealed class Changing : House
    {
        public string AbsoluteLife { get; set; } = "180d";

        protected override void Configure(Dictionary<string, string> environment) => environment["SESSION_ABSOLUTE_EXPIRY"] = AbsoluteLife;
    }
}
