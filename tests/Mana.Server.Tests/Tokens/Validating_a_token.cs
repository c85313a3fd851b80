using Mana.Specs.World;

namespace Mana.Specs.Tokens;

/// <summary>Contract 1.1.6; JWT-* of the attack catalogue at the door.</summary>
public sealed class Validating_a_token(House house) : IClassFixture<House>
{
    [Fact]
    public async Task A_good_token_answers_exactly_the_claims_of_the_contract()
    {
        var alice = await house.Person("alice");

        var reply = (await Validate(alice.AccessToken)).Expect(200);

        Assert.True(reply.Json.GetProperty("valid").GetBoolean());
        Assert.Equal(
            ["sub", "email", "role", "sid", "iat", "exp", "iss", "aud"],
            reply.Json.GetProperty("payload").EnumerateObject().Select(claim => claim.Name)
        );
        Assert.Equal(alice.Id, reply.Json.GetProperty("payload").GetProperty("sub").GetString());
    }

    [Fact]
    public async Task Each_fault_has_its_reason()
    {
        var alice = await house.Person("alice");
        var parts = alice.AccessToken.Split('.');

        Assert.Equal("Malformed token", await Reason("x"));
        Assert.Equal("Malformed token", await Reason(parts[0] + "." + parts[1]));
        Assert.Equal("Malformed token", await Reason(Header("""{"alg":"none","typ":"JWT","kid":"x"}""") + "." + parts[1] + "."));
        Assert.Equal(
            "Malformed token",
            await Reason(Header("""{"alg":"HS256","typ":"JWT","kid":"x"}""") + "." + parts[1] + "." + parts[2])
        );
        Assert.Equal("Unknown key", await Reason(Header("""{"alg":"EdDSA","typ":"JWT","kid":"x"}""") + "." + parts[1] + "." + parts[2]));
        Assert.Equal("Invalid signature", await Reason(parts[0] + "." + parts[1] + "." + Flip(parts[2])));
        house.Clock.Move(TimeSpan.FromMinutes(15) + TimeSpan.FromSeconds(6));
        Assert.Equal("Token expired", await Reason(alice.AccessToken));
    }

    [Fact]
    public async Task JWT_14_a_changed_role_voids_the_token_within_a_second()
    {
        var alice = await house.Person("alice");
        await house.Database.Tamper("update auth.users set role = 'admin' where id = $1", alice.Id);
        await Task.Delay(TimeSpan.FromSeconds(1));

        Assert.Equal("Session revoked", await Reason(alice.AccessToken));
        (await alice.Get("/api/v1/credits/balance")).Expect(401, "UNAUTHORIZED");
    }

    [Fact]
    public async Task Without_a_token_the_request_is_wrong_and_says_so_to_both_kinds_of_caller()
    {
        var reply = (await house.Nobody().Post("/api/v1/auth/validate", new { })).Expect(400, "VALIDATION");

        Assert.False(reply.Json.GetProperty("valid").GetBoolean());
    }

    [Fact]
    public async Task F_20_every_instance_uses_the_one_key_that_was_made_first()
    {
        var kid = await house.Database.Read<string>("select id from auth.jwks");
        await house.Restart();

        Assert.Equal(1, await house.Database.Read<long>("select count(*) from auth.jwks"));
        Assert.Contains(kid, (await house.Nobody().Get("/.well-known/jwks.json")).Expect(200).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_key_set_shows_public_members_only_and_may_be_kept_for_five_minutes()
    {
        var reply = (await house.Nobody().Get("/api/v1/auth/jwks")).Expect(200);

        Assert.Matches(
            """^\{"keys":\[\{"kty":"OKP","crv":"Ed25519","alg":"EdDSA","use":"sig","kid":"[^"]{32}","x":"[^"]{43}"\}\]\}$""",
            reply.Body
        );
        Assert.Equal("public, max-age=300", reply.Header("Cache-Control"));
        var cached = await house.Nobody().Send(HttpMethod.Get, "/api/v1/auth/jwks", null, ("If-None-Match", reply.Header("ETag")!));
        Assert.Equal(304, cached.Status);
    }

    private Task<Reply> Validate(string token) => house.Nobody().Post("/api/v1/auth/validate", new { token });

    private async Task<string> Reason(string token)
    {
        var reply = (await Validate(token)).Expect(200);
        Assert.False(reply.Json.GetProperty("valid").GetBoolean());

        return reply.Text("error");
    }

    private static string Header(string json) => System.Buffers.Text.Base64Url.EncodeToString(System.Text.Encoding.UTF8.GetBytes(json));

    private static string Flip(string signature) => (signature[0] == 'A' ? 'B' : 'A') + signature[1..];
}
