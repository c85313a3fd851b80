using Mana.Specs.World;

namespace Mana.Specs.Passwords;

/// <summary>EML-08, EML-09 and wire 7.9, 7.10: what is no link, no longer one, or one for something else.</summary>
public sealed class Resets_that_are_refused(House house) : IClassFixture<House>
{
    private const string Invalid = """{"message":"Invalid token","code":"INVALID_TOKEN"}""";

    [Fact]
    public async Task EML_08_a_used_link_is_invalid()
    {
        var alice = await house.Person("alice");
        var secret = await house.AskForSecret(alice.Email);
        (await house.Reset(secret)).Expect(200);

        (await house.Reset(secret, "yet another password")).Expect(400, "TOKEN_INVALID");
        Assert.Equal(Invalid, (await house.ResetOnWire(secret, "yet another password")).Expect(400).Body);

        (await house.SignIn(alice.Email, Resets.Chosen)).Expect(200);
    }

    [Fact]
    public async Task EML_08_a_link_of_an_hour_ago_has_expired_and_a_day_later_it_is_unknown()
    {
        var alice = await house.Person("alice");
        var secret = await house.AskForSecret(alice.Email);
        house.Clock.Move(TimeSpan.FromMinutes(59));
        Assert.Contains("token=", await Lead(secret), StringComparison.Ordinal);
        house.Clock.Move(TimeSpan.FromMinutes(2));

        (await house.Reset(secret)).Expect(401, "TOKEN_EXPIRED");
        Assert.Equal(Invalid, (await house.ResetOnWire(secret)).Expect(400).Body);
        Assert.Contains("error=INVALID_TOKEN", await Lead(secret), StringComparison.Ordinal);
        (await house.SignIn(alice.Email, alice.Password)).Expect(200);
    }

    [Fact]
    public async Task EML_08_a_newer_mail_supersedes_the_earlier_ones()
    {
        var alice = await house.Person("alice");
        var earlier = await house.AskForSecret(alice.Email);
        var newer = await house.AskForSecret(alice.Email);

        (await house.Reset(earlier)).Expect(401, "TOKEN_EXPIRED");
        (await house.Reset(newer)).Expect(200);
        (await house.Reset(earlier)).Expect(401, "TOKEN_EXPIRED");
    }

    [Fact]
    public async Task EML_08_the_secret_of_a_verification_mail_resets_nothing_and_the_other_way_round()
    {
        var alice = house.Stranger("alice");
        await alice.Register("Alice");
        var verification = Resets.SecretIn(await house.Mail.LinkTo(alice.Email));
        var reset = await house.AskForSecret(alice.Email);

        (await house.Reset(verification)).Expect(400, "TOKEN_INVALID");
        (await house.Nobody().Get($"/api/auth/verify-email?token={reset}")).Expect(401, "INVALID_TOKEN");

        (await house.Reset(reset)).Expect(200);
    }

    [Fact]
    public async Task EML_08_another_persons_address_in_the_body_changes_nothing()
    {
        var (alice, bob) = (await house.Person("alice"), await house.Person("bob"));
        var secret = await house.AskForSecret(alice.Email);

        var body = new
        {
            token = secret,
            newPassword = Resets.Chosen,
            email = bob.Email,
        };
        (await house.Nobody().Post("/api/v1/auth/reset-password", body)).Expect(200);

        (await house.SignIn(bob.Email, bob.Password)).Expect(200);
        (await house.SignIn(alice.Email, Resets.Chosen)).Expect(200);
    }

    [Theory]
    [InlineData("""{"newPassword":"a password of one's own"}""", 400, "INVALID_TOKEN")]
    [InlineData("""{"newPassword":"a password of one's own","token":""}""", 400, "INVALID_TOKEN")]
    [InlineData("""{"newPassword":"short"}""", 400, "INVALID_TOKEN")]
    [InlineData("""{"newPassword":"short","token":"unknown"}""", 400, "PASSWORD_TOO_SHORT")]
    [InlineData("""{"newPassword":"a password of one's own","token":"unknown"}""", 400, "INVALID_TOKEN")]
    [InlineData("""{"newPassword":"a password of one's own","token":null}""", 400, "VALIDATION_ERROR")]
    [InlineData("""{"newPassword":"a password of one's own","token":["a"]}""", 400, "VALIDATION_ERROR")]
    [InlineData("""{"newPassword":"a password of one's own","token":{}}""", 400, "VALIDATION_ERROR")]
    [InlineData("""{"token":"unknown"}""", 400, "VALIDATION_ERROR")]
    public async Task EML_08_the_wire_refuses_in_its_order(string body, int status, string code) =>
        (await house.Nobody().PostRaw("/api/auth/reset-password", body)).Expect(status, code);

    [Theory]
    [InlineData("null")]
    [InlineData("[\"a\"]")]
    [InlineData("{}")]
    [InlineData("5")]
    public async Task EML_08_a_token_that_is_no_text_is_refused(string token) =>
        (
            await house.Nobody().PostRaw("/api/v1/auth/reset-password", $$"""{"token":{{token}},"newPassword":"a password of one's own"}""")
        ).Expect(400, "VALIDATION");

    [Fact]
    public async Task The_token_may_stand_in_the_query_but_only_once()
    {
        var alice = await house.Person("alice");
        var secret = await house.AskForSecret(alice.Email);
        var body = new { newPassword = Resets.Chosen };

        (await house.Nobody().Post($"/api/auth/reset-password?token={secret}&token={secret}", body)).Expect(400, "VALIDATION_ERROR");
        (await house.Nobody().Post($"/api/auth/reset-password?token={secret}", body)).Expect(200);
    }

    [Fact]
    public async Task EML_09_whoever_follows_the_link_uses_nothing_up()
    {
        var alice = await house.Person("alice");
        var secret = await house.AskForSecret(alice.Email);
        var path = $"/api/auth/reset-password/{secret}?callbackURL=%2Freset";
        (await house.Nobody().Send(HttpMethod.Head, path, null)).Expect(404);
        (await house.Nobody().Send(HttpMethod.Head, path.Replace("/api/auth", "/api/v1/auth", StringComparison.Ordinal), null)).Expect(302);
        for (var visit = 0; visit < 5; visit++)
        {
            Assert.Empty((await house.Nobody().Get(path)).Expect(302).SetCookies);
        }

        (await house.Reset(secret)).Expect(200);
    }

    [Theory]
    [InlineData("/reset", "{origin}/reset?{result}")]
    [InlineData("/", "{origin}/?{result}")]
    [InlineData("/reset?a=b#part", "{origin}/reset?a=b&{result}#part")]
    [InlineData("/reset?error=x&token=y&z", "{origin}/reset?{replaced}&z=")]
    [InlineData("/a%20b?c=d%20e*f%2Bg", "{origin}/a%20b?c=d+e*f%2Bg&{result}")]
    [InlineData("http://localhost:3000/reset?a=b", "http://localhost:3000/reset?a=b&{result}")]
    [InlineData("http://LOCALHOST:3000", "http://localhost:3000/?{result}")]
    public async Task The_link_leads_on_with_the_token_or_with_an_error(string callback, string target)
    {
        var alice = await house.Person("alice");
        var secret = await house.AskForSecret(alice.Email);

        Assert.Equal(Filled($"token={secret}", $"error=x&token={secret}"), await Lead(secret, callback));
        Assert.Equal(Filled("error=INVALID_TOKEN", "error=INVALID_TOKEN&token=y"), await Lead("unknown", callback));

        string Filled(string result, string replaced) =>
            target
                .Replace("{origin}", house.Address.GetLeftPart(UriPartial.Authority), StringComparison.Ordinal)
                .Replace("{result}", result, StringComparison.Ordinal)
                .Replace("{replaced}", replaced, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", 400, "VALIDATION_ERROR")]
    [InlineData("?callbackURL=%2Fa&callbackURL=%2Fb", 400, "VALIDATION_ERROR")]
    [InlineData("?callbackURL=https%3A%2F%2Fevil.example", 403, "INVALID_CALLBACK_URL")]
    [InlineData("?callbackURL=%2F%2Fevil.example", 403, "INVALID_CALLBACK_URL")]
    [InlineData("?callbackURL=javascript%3Aalert(1)", 403, "INVALID_CALLBACK_URL")]
    public async Task The_link_leads_nowhere_it_should_not(string query, int status, string code)
    {
        var alice = await house.Person("alice");
        var secret = await house.AskForSecret(alice.Email);

        (await house.Nobody().Get($"/api/auth/reset-password/{secret}{query}")).Expect(status, code);
    }

    [Fact]
    public async Task Without_a_target_it_leads_to_the_error_page_of_the_wire()
    {
        var alice = await house.Person("alice");
        var secret = await house.AskForSecret(alice.Email);

        var target = await Lead(secret, "");

        Assert.Equal($"{house.Address.GetLeftPart(UriPartial.Authority)}/api/auth/error?error=INVALID_TOKEN", target);
    }

    [Fact]
    public async Task The_secret_has_its_case_and_the_path_has_its_own()
    {
        var alice = await house.Person("alice");
        var secret = await house.AskForSecret(alice.Email);
        Assert.Contains(secret, char.IsAsciiLetterUpper);

        Assert.EndsWith($"token={secret}", await Lead(secret), StringComparison.Ordinal);
        Assert.EndsWith("error=INVALID_TOKEN", await Lead(secret.ToLowerInvariant()), StringComparison.Ordinal);
        foreach (
            var path in new[] { "/api/auth/Reset-password/x", "/API/auth/reset-password/x", "/api/auth/OK", "/api/auth/reset-password/x/" }
        )
        {
            var nothing = (await house.Nobody().Get($"{path}?callbackURL=%2F")).Expect(404);
            Assert.Equal("", nothing.Body);
        }
    }

    private async Task<string> Lead(string secret, string callback = "/reset")
    {
        var reply = await house.Nobody().Get($"/api/auth/reset-password/{secret}?callbackURL={Uri.EscapeDataString(callback)}");

        return reply.Expect(302).Header("Location")!;
    }
}
