using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Mana.Protocols.Jose;
using Mana.Protocols.Sodium;

namespace Mana.Protocols.Tests.Jose;

/// <summary>The signature is right wherever there can be one, so that only the named defect can refuse.</summary>
public sealed class Attacking_the_header_of_a_token
{
    [Theory]
    [InlineData("""{"alg":"none","typ":"JWT","kid":"key-1"}""")]
    [InlineData("""{"alg":"None","typ":"JWT","kid":"key-1"}""")]
    [InlineData("""{"alg":"HS256","typ":"JWT","kid":"key-1"}""")]
    [InlineData("""{"alg":"RS256","typ":"JWT","kid":"key-1"}""")]
    [InlineData("""{"alg":"ES256","typ":"JWT","kid":"key-1"}""")]
    [InlineData("""{"alg":"Ed25519","typ":"JWT","kid":"key-1"}""")]
    [InlineData("""{"alg":"eddsa","typ":"JWT","kid":"key-1"}""")]
    [InlineData("""{"alg":"EdDSA ","typ":"JWT","kid":"key-1"}""")]
    [InlineData("""{"alg":["EdDSA"],"typ":"JWT","kid":"key-1"}""")]
    [InlineData("""{"alg":null,"typ":"JWT","kid":"key-1"}""")]
    [InlineData("""{"typ":"JWT","kid":"key-1"}""")]
    public void JWT_01_JWT_03_any_algorithm_but_EdDSA_is_refused(string header) =>
        Assert.Equal(TokenFault.Malformed, Forge.Ask(Forge.Sign(header, Forge.Payload)));

    [Theory]
    [InlineData("""{"alg":"EdDSA","kid":"key-1"}""")]
    [InlineData("""{"alg":"EdDSA","typ":"at+jwt","kid":"key-1"}""")]
    [InlineData("""{"alg":"EdDSA","typ":"jwt","kid":"key-1"}""")]
    [InlineData("""{"alg":"EdDSA","typ":1,"kid":"key-1"}""")]
    [InlineData("""{"alg":"EdDSA","typ":"JWT"}""")]
    [InlineData("""{"alg":"EdDSA","typ":"JWT","kid":1}""")]
    [InlineData("""{"alg":"EdDSA","typ":"JWT","kid":["key-1"]}""")]
    [InlineData("""{"alg":"EdDSA","typ":"JWT","kid":null}""")]
    [InlineData("""{"alg":"EdDSA","alg":"EdDSA","typ":"JWT","kid":"key-1"}""")]
    [InlineData("""{"alg":"none","alg":"EdDSA","typ":"JWT","kid":"key-1"}""")]
    [InlineData("""{"alg":"EdDSA","typ":"JWT","kid":"key-1","kid":"key-1"}""")]
    [InlineData("""{"alg":"EdDSA","typ":"JWT","kid":"key-1","\u006bid":"key-1"}""")]
    [InlineData("""{"alg":"EdDSA","typ":"JWT","kid":"key-1","crit":["exp"]}""")]
    [InlineData("""{"alg":"EdDSA","typ":"JWT","kid":"key-1","b64":false}""")]
    [InlineData("""{"alg":"EdDSA","typ":"JWT","kid":"key-1","zip":"DEF"}""")]
    [InlineData("""{"alg":"EdDSA","typ":"JWT","kid":"key-1","jku":"https://evil.example/jwks"}""")]
    [InlineData("""{"alg":"EdDSA","typ":"JWT","kid":"key-1","x5u":"https://evil.example/cert"}""")]
    [InlineData("""{"alg":"EdDSA","typ":"JWT","kid":"key-1",}""")]
    [InlineData("""{"alg":"EdDSA","typ":"JWT","kid":"key-1"}{}""")]
    [InlineData("""{"alg":"EdDSA","typ":"JWT","kid":"key-1"/**/}""")]
    [InlineData("""{"alg":"EdDSA","typ":"JWT","kid":"key-1" """)]
    [InlineData("""{"alg":"EdDSA","typ":"JWT","kid":"\ud800"}""")]
    [InlineData("\uFEFF{\"alg\":\"EdDSA\",\"typ\":\"JWT\",\"kid\":\"key-1\"}")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("\"EdDSA\"")]
    [InlineData("null")]
    public void JWT_05_JWT_07_any_header_but_ours_is_refused(string header) =>
        Assert.Equal(TokenFault.Malformed, Forge.Ask(Forge.Sign(header, Forge.Payload)));

    [Fact]
    public void JWT_12_a_header_that_is_no_UTF8_is_refused()
    {
        var header = Encoding.Latin1.GetBytes(Forge.Header.Replace("key-1", "key-\u00ff", StringComparison.Ordinal));

        Assert.Equal(TokenFault.Malformed, Forge.Ask(Forge.SignSegments(Base64Url.EncodeToString(header), Forge.Encode(Forge.Payload))));
    }

    [Theory]
    [InlineData("key-2")]
    [InlineData("KEY-1")]
    [InlineData("../../../../dev/null")]
    [InlineData("key-1' or '1'='1")]
    [InlineData("key-1\\u0000")]
    [InlineData("")]
    public void JWT_06_an_unknown_kid_is_an_unknown_key(string kid) =>
        Assert.Equal(TokenFault.UnknownKey, Forge.Ask(Forge.Sign($$"""{"alg":"EdDSA","typ":"JWT","kid":"{{kid}}"}""", Forge.Payload)));

    [Fact]
    public void JWT_06_a_kid_longer_than_any_of_ours_is_refused_before_it_is_looked_up() =>
        Assert.Equal(
            TokenFault.Malformed,
            Forge.Ask(Forge.Sign($$"""{"alg":"EdDSA","typ":"JWT","kid":"{{new string('k', 1000)}}"}""", Forge.Payload))
        );

    [Fact]
    public void JWT_04_a_key_brought_along_in_the_header_is_not_used()
    {
        using var attacker = Ed25519Key.FromSeed(Ed25519Key.NewSeed());
        var jwk = $$"""{"kty":"OKP","crv":"Ed25519","x":"{{Base64Url.EncodeToString(attacker.PublicKey.Span)}}"}""";
        var signed = Forge.Encode($$"""{"alg":"EdDSA","typ":"JWT","kid":"key-1","jwk":{{jwk}}}""") + "." + Forge.Encode(Forge.Payload);
        var signature = new byte[64];
        attacker.Sign(Encoding.ASCII.GetBytes(signed), signature);

        Assert.Equal(TokenFault.Malformed, Forge.Ask($"{signed}.{Base64Url.EncodeToString(signature)}"));
    }

    [Fact]
    public void JWT_02_a_MAC_keyed_with_the_public_key_is_no_signature()
    {
        var x = Base64Url.EncodeToString(Forge.Key.PublicKey.Span);
        byte[][] keys =
        [
            Forge.Key.PublicKey.ToArray(),
            Encoding.ASCII.GetBytes(x),
            Encoding.ASCII.GetBytes($$"""{"kty":"OKP","crv":"Ed25519","x":"{{x}}"}"""),
            Jwks.Write([(Forge.Kid, Forge.Key.PublicKey)]),
        ];

        foreach (var key in keys)
        {
            Assert.Equal(
                TokenFault.Malformed,
                Forge.Ask(Mac("""{"alg":"HS256","typ":"JWT","kid":"key-1"}""", bytes => HMACSHA256.HashData(key, bytes)))
            );
            Assert.Equal(TokenFault.InvalidSignature, Forge.Ask(Mac(Forge.Header, bytes => HMACSHA512.HashData(key, bytes))));
            Assert.Equal(TokenFault.InvalidSignature, Forge.Ask(Mac(Forge.Header, bytes => HMACSHA256.HashData(key, bytes))));
        }

        static string Mac(string header, Func<byte[], byte[]> mac)
        {
            var signed = Forge.Encode(header) + "." + Forge.Encode(Forge.Payload);
            return $"{signed}.{Base64Url.EncodeToString(mac(Encoding.ASCII.GetBytes(signed)))}";
        }
    }
}
