using System.Text;
using Mana.Protocols.Jose;
using Mana.Protocols.Sodium;

namespace Mana.Protocols.Tests.Jose;

public sealed class Verifying_access_tokens
{
    [Fact]
    public void A_fresh_token_gives_its_claims()
    {
        Assert.Equal(TokenFault.None, Forge.Ask(Forge.Signer.Mint(Forge.Claims), Forge.IssuedAt, out var claims));
        Assert.Equal(Forge.Claims, claims);
    }

    [Fact]
    public void The_header_members_may_stand_in_any_order()
    {
        var token = Forge.Sign("""{ "kid" : "key-1", "typ":"JWT","alg":"EdDSA"}""", Forge.Payload);

        Assert.Equal(TokenFault.None, Forge.Ask(token));
    }

    [Theory]
    [InlineData(-6, TokenFault.Malformed)]
    [InlineData(-5, TokenFault.None)]
    [InlineData(0, TokenFault.None)]
    [InlineData(900, TokenFault.None)]
    [InlineData(904, TokenFault.None)]
    [InlineData(905, TokenFault.Expired)]
    [InlineData(1_000_000, TokenFault.Expired)]
    public void JWT_08_a_token_lives_from_its_issue_to_its_expiry_with_five_seconds_of_leeway(int secondsAfterIssue, TokenFault expected) =>
        Assert.Equal(expected, Forge.Ask(Forge.Signer.Mint(Forge.Claims), Forge.IssuedAt.AddSeconds(secondsAfterIssue), out _));

    [Fact]
    public void No_claims_come_with_a_fault()
    {
        Forge.Ask(Forge.Signer.Mint(Forge.Claims), Forge.ExpiresAt.AddDays(1), out var claims);

        Assert.Null(claims);
    }

    [Theory]
    [InlineData("other", "manacore", TokenFault.InvalidIssuer)]
    [InlineData("manacore/", "manacore", TokenFault.InvalidIssuer)]
    [InlineData("Manacore", "manacore", TokenFault.InvalidIssuer)]
    [InlineData("manacore", "other", TokenFault.InvalidAudience)]
    [InlineData("manacore", "manacore ", TokenFault.InvalidAudience)]
    [InlineData("other", "other", TokenFault.InvalidIssuer)]
    public void JWT_09_another_issuer_or_audience_is_refused(string issuer, string audience, TokenFault expected) =>
        Assert.Equal(expected, Forge.Ask(Forge.Signer.Mint(Forge.Claims with { Issuer = issuer, Audience = audience })));

    [Fact]
    public void A_wrong_issuer_is_named_before_the_expiry()
    {
        var token = Forge.Signer.Mint(Forge.Claims with { Issuer = "other" });

        Assert.Equal(TokenFault.InvalidIssuer, Forge.Ask(token, Forge.ExpiresAt.AddDays(1), out _));
    }

    [Fact]
    public void JWT_06_each_kid_is_checked_with_its_own_key()
    {
        using var other = Ed25519Key.FromSeed(Ed25519Key.NewSeed());
        var keys = new VerificationKeys([(Forge.Kid, Forge.Key.PublicKey), ("key-2", other.PublicKey)]);
        var right = new SigningKey("key-2", other).Mint(Forge.Claims);
        var wrong = new SigningKey("key-2", Forge.Key).Mint(Forge.Claims);

        Assert.Equal(TokenFault.None, Ask(right, keys));
        Assert.Equal(TokenFault.InvalidSignature, Ask(wrong, keys));
        Assert.Equal(TokenFault.UnknownKey, Ask(right, Forge.Keys));
        Assert.Equal(TokenFault.UnknownKey, Ask(right, new VerificationKeys([])));
    }

    [Fact]
    public void A_set_of_keys_is_found_by_kid_and_does_not_change()
    {
        var changing = Forge.Key.PublicKey.ToArray();
        var keys = new VerificationKeys([("a", changing)]);
        changing[0] ^= 1;

        Assert.True(keys.TryFind("a"u8, out var found));
        Assert.Equal(Forge.Key.PublicKey.ToArray(), found.ToArray());
        Assert.False(keys.TryFind("A"u8, out _));
        Assert.False(keys.TryFind(""u8, out _));
        Assert.Equal(1, keys.Count);
    }

    [Fact]
    public void JWT_13_a_set_of_keys_refuses_doubles_weak_keys_and_crowds()
    {
        ReadOnlyMemory<byte> key = Forge.Key.PublicKey;

        Assert.Throws<ArgumentException>(() => new VerificationKeys([("a", key), ("a", key)]));
        Assert.Throws<ArgumentException>(() => new VerificationKeys([("a", new byte[32])]));
        Assert.Throws<ArgumentException>(() => new VerificationKeys([("a", new byte[31])]));
        Assert.Throws<ArgumentException>(() => new VerificationKeys([("", key)]));
        Assert.Throws<ArgumentException>(() => new VerificationKeys(Enumerable.Range(0, 65).Select(i => ($"k{i}", key))));
    }

    [Fact]
    public void The_published_set_has_exactly_the_members_clients_expect()
    {
        var json = Encoding.UTF8.GetString(Jwks.Write([("key-1", Forge.Key.PublicKey), ("key-2", Forge.Key.PublicKey)]));

        Assert.Equal(
            """{"keys":[{"kty":"OKP","crv":"Ed25519","alg":"EdDSA","use":"sig","kid":"key-1","x":"PUAXw-hDiVqStwqnTRt-vJyYLM8uxJaMwM1V8Sr0Zgw"},{"kty":"OKP","crv":"Ed25519","alg":"EdDSA","use":"sig","kid":"key-2","x":"PUAXw-hDiVqStwqnTRt-vJyYLM8uxJaMwM1V8Sr0Zgw"}]}""",
            json
        );
        Assert.Equal("""{"keys":[]}""", Encoding.UTF8.GetString(Jwks.Write([])));
    }

    private static TokenFault Ask(string token, VerificationKeys keys) =>
        AccessTokens.Verify(Encoding.UTF8.GetBytes(token), keys, "manacore", "manacore", Forge.IssuedAt, out _);
}
