using System.Text.Json;
using Mana.Specs.World;
using Mana.Tokens;
using Microsoft.Extensions.DependencyInjection;

namespace Mana.Specs.Tokens;

/// <summary>Ruling 31, JWT-16: announced a day, active ninety, retired a week.</summary>
public sealed class Following_a_key_through_its_life(House house) : IClassFixture<House>
{
    private SigningKeys Keys => house.Services.GetRequiredService<SigningKeys>();

    [Fact]
    public async Task JWT_16_a_key_is_announced_then_signs_then_is_accepted_then_is_gone()
    {
        var alice = await house.Person("alice");
        var first = Keys.Active.Kid;
        await Later(TimeSpan.FromDays(88));
        Assert.Equal([first], await Published());

        await Later(TimeSpan.FromDays(1) + TimeSpan.FromMinutes(1));
        var published = await Published();
        Assert.Equal(2, published.Length);
        Assert.Equal(first, published[0]);
        var second = published[1];
        await alice.Login();
        Assert.Equal(first, Kid(alice.AccessToken));

        var old = alice.AccessToken;
        await Later(TimeSpan.FromDays(1));
        await alice.Login();
        Assert.Equal(second, Kid(alice.AccessToken));
        Assert.Equal([second, first], await Published());
        Assert.Equal("valid", await Verdict(alice.AccessToken));
        Assert.Equal("Token expired", await Verdict(old));

        await Later(TimeSpan.FromDays(6));
        Assert.Equal([second, first], await Published());
        await Later(TimeSpan.FromDays(1) + TimeSpan.FromMinutes(1));
        Assert.Equal([second], await Published());
        Assert.Equal("Unknown key", await Verdict(old));
    }

    /// <summary>The clock moves, the recurring work of this instance runs.</summary>
    private async Task Later(TimeSpan by)
    {
        house.Clock.Move(by);
        await Keys.Turn(CancellationToken.None);
    }

    private async Task<string[]> Published()
    {
        var set = (await house.Nobody().Get("/api/v1/auth/jwks")).Expect(200).Json;

        return [.. set.GetProperty("keys").EnumerateArray().Select(key => key.GetProperty("kid").GetString()!)];
    }

    private async Task<string> Verdict(string token)
    {
        var verdict = (await house.Nobody().Post("/api/v1/auth/validate", new { token })).Expect(200).Json;

        return verdict.GetProperty("valid").GetBoolean() ? "valid" : verdict.GetProperty("error").GetString()!;
    }

    private static string Kid(string token) =>
        JsonElement.Parse(System.Buffers.Text.Base64Url.DecodeFromChars(token.Split('.')[0])).GetProperty("kid").GetString()!;
}
