using Mana.Specs.Sessions;
using Mana.Specs.World;

namespace Mana.Specs.Admin;

/// <summary>Ruling 30, JWT-14: what a token says about somebody's rights ends with those rights.</summary>
public sealed class Changing_a_role(FeedHouse house) : IClassFixture<FeedHouse>
{
    private Operator Operator => new(house.Database);

    [Fact]
    public async Task JWT_14_access_tokens_are_void_within_a_second_and_the_session_brings_new_ones()
    {
        var (alice, browser) = await house.SignedIn("alice");
        (await alice.Get("/api/v1/credits/balance")).Expect(200);

        Assert.Equal((0, $"{alice.Email} was user and is admin now."), await Operator.Users("role", alice.Email, "admin"));
        await Task.Delay(TimeSpan.FromSeconds(1));

        (await alice.Get("/api/v1/credits/balance")).Expect(401, "UNAUTHORIZED");
        Assert.Equal("Session revoked", (await Validate(alice.AccessToken)).Text("error"));
        Assert.Equal("admin", await Role((await browser.Get("/api/auth/token")).Expect(200).Text("token")));
        var refreshed = await house.Nobody().Post("/api/v1/auth/refresh", new { refreshToken = alice.RefreshToken });
        Assert.Equal("admin", await Role(refreshed.Expect(200).Text("accessToken")));
        Assert.Equal("admin", await Role((await browser.Get("/api/auth/get-session")).Expect(200).Header("set-auth-jwt")!));
    }

    [Fact]
    public async Task The_event_names_both_roles_and_there_is_one_for_each_change()
    {
        var (alice, _) = await house.SignedIn("alice");

        await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Operator.Users("role", alice.Email, "service")));

        Assert.Equal((0, $"{alice.Email} was service already."), await Operator.Users("role", alice.Email, "service"));
        Assert.Equal(
            """{"to": "service", "from": "user"}""",
            await house.Database.Read<string>(
                "select string_agg(metadata::text, ';') from auth.security_events where user_id = $1 and event_type = 'ROLE_CHANGED'",
                alice.Id
            )
        );
    }

    [Fact]
    public async Task A_role_nobody_has_is_not_understood()
    {
        var (alice, _) = await house.SignedIn("alice");

        Assert.Equal(2, (await Operator.Users("role", alice.Email, "root")).ExitCode);
        Assert.Equal((1, "User not found."), await Operator.Users("role", "nobody@example.com", "admin"));
    }

    private async Task<string?> Role(string token) => (await Validate(token)).Json.GetProperty("payload").GetProperty("role").GetString();

    private async Task<Reply> Validate(string token) => (await house.Nobody().Post("/api/v1/auth/validate", new { token })).Expect(200);
}
