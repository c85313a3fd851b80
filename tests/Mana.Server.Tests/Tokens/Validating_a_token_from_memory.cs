using System.Text;
using Mana.Specs.World;

namespace Mana.Specs.Tokens;

/// <summary>The door reads the plainest body without a tree and keeps its answer. Nobody may notice, and nothing may be believed longer.</summary>
public sealed class Validating_a_token_from_memory(House house) : IClassFixture<House>
{
    private const string Path = "/api/v1/auth/validate";

    [Fact]
    public async Task However_the_body_is_spelt_the_answer_is_the_same_to_the_letter()
    {
        var alice = await house.Person("alice");
        var token = alice.AccessToken;
        var plain = await Post($$"""{"token":"{{token}}"}""");

        foreach (
            var spelling in (string[])
                [
                    $$"""{"token":"{{token}}"}""",
                    $$"""  { "token" : "{{token}}" }  """,
                    $$"""{"token":"\u00{{(int)token[0]:x2}}{{token[1..]}}"}""",
                    $$"""{"\u0074oken":"{{token}}"}""",
                    $$"""{"token":"{{token}}","more":[1,{"a":null}]}""",
                    $$"""{"more":"é","token":"{{token}}"}""",
                ]
        )
        {
            Assert.Equal(plain.Expect(200).Body, (await Post(spelling)).Expect(200).Body);
        }
        Assert.True(plain.Json.GetProperty("valid").GetBoolean());
        Assert.Equal(alice.Id, plain.Json.GetProperty("payload").GetProperty("sub").GetString());
    }

    [Theory]
    [InlineData("""{"token":""}""", "token")]
    [InlineData("""{"token":7}""", "token")]
    [InlineData("""{"token":["a"]}""", "token")]
    [InlineData("""{"Token":"a"}""", "token")]
    [InlineData("""["token"]""", "The request body must be a JSON object")]
    [InlineData("""{"token":"a","token":"a"}""", "JSON")]
    [InlineData("""{"token":"a"}}""", "JSON")]
    [InlineData("""{"token":"a"} 1""", "JSON")]
    [InlineData("""{"token":"a",}""", "JSON")]
    [InlineData("""{"token":"a"/**/}""", "JSON")]
    [InlineData("""{"token":"a""", "JSON")]
    [InlineData("""{"token":"\u0000"}""", "JSON")]
    public async Task What_is_wrong_with_a_body_is_found_however_short_the_look(string body, string complaint) =>
        Assert.Contains(complaint, (await Post(body)).Expect(400, "VALIDATION").Text("message"), StringComparison.Ordinal);

    [Fact]
    public async Task A_token_that_is_no_text_is_refused()
    {
        byte[] body = [.. "{\"token\":\""u8, 0xff, .. "\"}"u8];

        (await house.Nobody().PostRaw(Path, body, "application/json")).Expect(400, "VALIDATION");
        Assert.Equal("Malformed token", (await Post("""{"token":"é"}""")).Expect(200).Text("error"));
    }

    [Fact]
    public async Task A_token_that_was_validated_a_moment_ago_is_refused_as_soon_as_its_session_ends()
    {
        var alice = await house.Person("alice");
        await Good(alice.AccessToken);
        await Good(alice.AccessToken);

        (await alice.Post("/api/v1/auth/logout")).Expect(200);

        Assert.Equal("Session revoked", (await Validate(alice.AccessToken)).Text("error"));
    }

    [Fact]
    public async Task A_token_that_was_validated_a_moment_ago_is_refused_when_its_time_is_over()
    {
        var alice = await house.Person("alice");
        house.Clock.Move(TimeSpan.FromMinutes(15) + TimeSpan.FromSeconds(4));
        await Good(alice.AccessToken);

        house.Clock.Move(TimeSpan.FromSeconds(1));

        Assert.Equal("Token expired", (await Validate(alice.AccessToken)).Text("error"));
    }

    private async Task Good(string token) => Assert.True((await Validate(token)).Json.GetProperty("valid").GetBoolean());

    private async Task<Reply> Validate(string token) => (await Post($$"""{"token":"{{token}}"}""")).Expect(200);

    private Task<Reply> Post(string body) => house.Nobody().PostRaw(Path, Encoding.UTF8.GetBytes(body), "application/json");
}
