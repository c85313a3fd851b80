using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Mana.Protocols.Jose;
using Mana.Protocols.Sodium;

namespace Mana.Protocols.Tests.Jose;

/// <summary>The token attacks of the literature; where a signature is possible it is a right one, so that only the named defect can refuse.</summary>
public sealed class Attacking_access_tokens
{
    private static readonly string Genuine = Forge.Signer.Mint(Forge.Claims);

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
    public void Any_algorithm_but_EdDSA_is_refused(string header) =>
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
    public void Any_header_but_ours_is_refused(string header) =>
        Assert.Equal(TokenFault.Malformed, Forge.Ask(Forge.Sign(header, Forge.Payload)));

    [Theory]
    [InlineData("key-2")]
    [InlineData("KEY-1")]
    [InlineData("../../../../dev/null")]
    [InlineData("key-1' or '1'='1")]
    [InlineData("key-1\\u0000")]
    [InlineData("")]
    public void An_unknown_kid_is_an_unknown_key(string kid) =>
        Assert.Equal(TokenFault.UnknownKey, Forge.Ask(Forge.Sign($$"""{"alg":"EdDSA","typ":"JWT","kid":"{{kid}}"}""", Forge.Payload)));

    [Fact]
    public void A_kid_longer_than_any_of_ours_is_refused_before_it_is_looked_up() =>
        Assert.Equal(
            TokenFault.Malformed,
            Forge.Ask(Forge.Sign($$"""{"alg":"EdDSA","typ":"JWT","kid":"{{new string('k', 1000)}}"}""", Forge.Payload))
        );

    [Fact]
    public void A_key_brought_along_in_the_header_is_not_used()
    {
        using var attacker = Ed25519Key.FromSeed(Ed25519Key.NewSeed());
        var jwk = $$"""{"kty":"OKP","crv":"Ed25519","x":"{{Base64Url.EncodeToString(attacker.PublicKey.Span)}}"}""";
        var signed = Forge.Encode($$"""{"alg":"EdDSA","typ":"JWT","kid":"key-1","jwk":{{jwk}}}""") + "." + Forge.Encode(Forge.Payload);
        var signature = new byte[64];
        attacker.Sign(Encoding.ASCII.GetBytes(signed), signature);

        Assert.Equal(TokenFault.Malformed, Forge.Ask($"{signed}.{Base64Url.EncodeToString(signature)}"));
    }

    [Fact]
    public void Another_ones_signature_is_refused()
    {
        using var attacker = Ed25519Key.FromSeed(Ed25519Key.NewSeed());

        Assert.Equal(TokenFault.InvalidSignature, Forge.Ask(new SigningKey(Forge.Kid, attacker).Mint(Forge.Claims)));
    }

    [Fact]
    public void A_MAC_keyed_with_the_public_key_is_no_signature()
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

    [Fact]
    public void A_malleable_signature_is_refused()
    {
        var dot = Genuine.LastIndexOf('.');
        var signature = Base64Url.DecodeFromChars(Genuine.AsSpan(dot + 1));
        var order = Convert.FromHexString("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010");
        var carry = 0;
        for (var i = 0; i < 32; i++)
        {
            carry += signature[32 + i] + order[i];
            signature[32 + i] = (byte)carry;
            carry >>= 8;
        }

        Assert.Equal(TokenFault.InvalidSignature, Forge.Ask($"{Genuine[..dot]}.{Base64Url.EncodeToString(signature)}"));
    }

    public static TheoryData<string> Misspelt
    {
        get
        {
            var (header, payload, signature) = Genuine.Split('.') is [var h, var p, var s] ? (h, p, s) : default;
            return
            [
                "",
                ".",
                "..",
                "...",
                header,
                $"{header}.{payload}",
                $"{header}.{payload}.",
                $".{payload}.{signature}",
                $"{header}..{signature}",
                $"{Genuine}.",
                $".{Genuine}",
                $"{Genuine}.{signature}",
                $"{Genuine}.a.b",
                $"{Genuine}=",
                $"{Genuine}==",
                $" {Genuine}",
                $"{Genuine} ",
                $"{Genuine}\n",
                $"{Genuine}\0",
                $"{header}.{payload} .{signature}",
                $"{header}.{payload}.{signature[..40]} {signature[40..]}",
                $"{header}.{payload}.{signature.Replace('_', '/').Replace('-', '+')}",
                $"{header}.{payload}.é{signature}",
                Forge.SignSegments(header + "=", payload),
                Forge.SignSegments(header, payload + "="),
                Forge.SignSegments(header, payload + " "),
                Forge.SignSegments(header, payload + "A"),
                Forge.SignSegments("%", payload),
            ];
        }
    }

    [Theory]
    [MemberData(nameof(Misspelt))]
    public void A_token_in_any_other_spelling_is_refused(string token) => Assert.Equal(TokenFault.Malformed, Forge.Ask(token));

    [Theory]
    [InlineData(1)]
    [InlineData(32)]
    [InlineData(63)]
    [InlineData(65)]
    [InlineData(128)]
    public void A_signature_of_another_length_is_no_signature(int length)
    {
        var bytes = new byte[length];
        var dot = Genuine.LastIndexOf('.');
        Base64Url.DecodeFromChars(Genuine.AsSpan(dot + 1)).AsSpan(0, Math.Min(64, length)).CopyTo(bytes);

        Assert.Equal(TokenFault.InvalidSignature, Forge.Ask($"{Genuine[..dot]}.{Base64Url.EncodeToString(bytes)}"));
    }

    [Fact]
    public void Spare_bits_give_no_second_spelling()
    {
        // A signature of 64 bytes leaves four spare bits in its last letter: sixteen spellings for a lenient decoder.
        var other = Genuine[..^1] + (Genuine[^1] == 'A' ? 'B' : (char)(Genuine[^1] + 1));
        var sameToTheFramework = Base64Url.DecodeFromChars(Genuine.AsSpan(Genuine.LastIndexOf('.') + 1));

        Assert.Equal(64, sameToTheFramework.Length);
        Assert.Equal(TokenFault.Malformed, Forge.Ask(other));
    }

    [Fact]
    public void A_token_over_four_kilobytes_is_not_even_read()
    {
        var padded = Forge.Payload.Replace("ada@", new string('a', 3000) + "@", StringComparison.Ordinal);

        Assert.Equal(TokenFault.Malformed, Forge.Ask(Forge.Sign(Forge.Header, padded)));
        Assert.Equal(TokenFault.Malformed, Forge.Ask(new string('a', 100_000)));
        Assert.Equal(TokenFault.Malformed, Forge.Ask(new string('.', 100_000)));
    }

    public static TheoryData<string> Unreadable =>
        [
            Forge.Payload.Replace("{\"sub\"", "{\"sub\":\"user-2\",\"sub\"", StringComparison.Ordinal),
            Forge.Payload.Replace("{\"sub\"", "{\"s\\u0075b\":\"user-2\",\"sub\"", StringComparison.Ordinal),
            Forge.Payload.Replace("\"iss\"", "\"exp\":1895241350,\"iss\"", StringComparison.Ordinal),
            Forge.Payload.Replace("{", "{\"nbf\":1795240450,", StringComparison.Ordinal),
            Forge.Payload.Replace("{", "{\"admin\":true,", StringComparison.Ordinal),
            Forge.Payload.Replace("\"sub\":\"user-1\",", "", StringComparison.Ordinal),
            Forge.Payload.Replace("\"user-1\"", "\"\"", StringComparison.Ordinal),
            Forge.Payload.Replace("\"user-1\"", "1", StringComparison.Ordinal),
            Forge.Payload.Replace("\"user-1\"", "null", StringComparison.Ordinal),
            Forge.Payload.Replace("\"user-1\"", "\"\\ud800\"", StringComparison.Ordinal),
            Forge.Payload.Replace("\"session-1\"", "\"\"", StringComparison.Ordinal),
            Forge.Payload.Replace("\"session-1\"", "[\"session-1\"]", StringComparison.Ordinal),
            Forge.Payload.Replace("\"role\":\"user\",", "", StringComparison.Ordinal),
            Forge.Payload.Replace("\"user\"", "{\"a\":{\"a\":1}}", StringComparison.Ordinal),
            Forge.Payload.Replace("\"email\":\"ada@example.com\",", "", StringComparison.Ordinal),
            Forge.Payload.Replace("\"iat\":1795240450,", "", StringComparison.Ordinal),
            Forge.Payload.Replace("\"exp\":1795241350,", "", StringComparison.Ordinal),
            Forge.Payload.Replace("1795241350", "\"1795241350\"", StringComparison.Ordinal),
            Forge.Payload.Replace("1795241350", "1795241350.0", StringComparison.Ordinal),
            Forge.Payload.Replace("1795241350", "1e400", StringComparison.Ordinal),
            Forge.Payload.Replace("1795241350", "1.795e10", StringComparison.Ordinal),
            Forge.Payload.Replace("1795241350", "-1", StringComparison.Ordinal),
            Forge.Payload.Replace("1795241350", "01795241350", StringComparison.Ordinal),
            Forge.Payload.Replace("1795241350", "253402300800", StringComparison.Ordinal),
            Forge.Payload.Replace("1795241350", "9223372036854775808", StringComparison.Ordinal),
            Forge.Payload.Replace("1795241350", "NaN", StringComparison.Ordinal),
            "\uFEFF" + Forge.Payload,
            Forge.Payload + "x",
            Forge.Payload + Forge.Payload,
            "[" + Forge.Payload + "]",
            Forge.Payload[..^1],
            Forge.Payload.Replace("}", ",}", StringComparison.Ordinal),
            Forge.Payload.Replace("{", "{/**/", StringComparison.Ordinal),
            Forge.Payload.Replace('"', '\''),
            Forge.Payload.Replace("\"user\"", new string('[', 1000) + new string(']', 1000), StringComparison.Ordinal),
            "{}",
            "[]",
            "null",
            "1",
        ];

    [Theory]
    [MemberData(nameof(Unreadable))]
    public void A_rightly_signed_payload_that_is_not_ours_is_refused_without_an_exception(string payload) =>
        Assert.NotEqual(TokenFault.None, Forge.Ask(Forge.Sign(Forge.Header, payload)));

    [Fact]
    public void A_payload_that_is_no_UTF8_is_refused()
    {
        var bytes = Encoding.UTF8.GetBytes(Forge.Payload);
        bytes[Forge.Payload.IndexOf("ada", StringComparison.Ordinal)] = 0xFF;

        Assert.Equal(TokenFault.Malformed, Forge.Ask(Forge.SignBytes(Forge.Header, bytes)));
    }

    [Theory]
    [InlineData("\"aud\":[\"manacore\"]")]
    [InlineData("\"aud\":[\"manacore\",\"other\"]")]
    [InlineData("\"aud\":null")]
    [InlineData("\"aud\":{\"manacore\":1}")]
    public void An_audience_must_be_one_string(string audience) =>
        Assert.Equal(
            TokenFault.InvalidAudience,
            Forge.Ask(Forge.Sign(Forge.Header, Forge.Payload.Replace("\"aud\":\"manacore\"", audience, StringComparison.Ordinal)))
        );

    [Fact]
    public void Missing_issuer_and_audience_are_named()
    {
        Assert.Equal(
            TokenFault.InvalidIssuer,
            Forge.Ask(Forge.Sign(Forge.Header, Forge.Payload.Replace("\"iss\":\"manacore\",", "", StringComparison.Ordinal)))
        );
        Assert.Equal(
            TokenFault.InvalidAudience,
            Forge.Ask(Forge.Sign(Forge.Header, Forge.Payload.Replace(",\"aud\":\"manacore\"", "", StringComparison.Ordinal)))
        );
    }

    [Fact]
    public void No_changed_character_anywhere_leaves_the_token_valid()
    {
        const string letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.=+/ \0é";
        var changes =
            from claims in AnyClaims()
            let token = Forge.Signer.Mint(claims)
            from position in Gen.Choose(0, token.Length - 1)
            from letter in Gen.Elements(letters.ToCharArray())
            where token[position] != letter
            select (Claims: claims, Token: token[..position] + letter + token[(position + 1)..]);

        Prop.ForAll(changes.ToArbitrary(), change => Forge.Ask(change.Token, change.Claims.IssuedAt, out _) != TokenFault.None)
            .Check(Config.QuickThrowOnFailure.WithMaxTest(2000));
    }

    [Fact]
    public void Every_minted_token_verifies_as_what_it_was_minted_from() =>
        Prop.ForAll(
                AnyClaims().ToArbitrary(),
                claims => Forge.Ask(Forge.Signer.Mint(claims), claims.IssuedAt, out var read) == TokenFault.None && read == claims
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    [Fact]
    public void No_rubbish_makes_the_verifier_throw() =>
        Prop.ForAll<byte[], byte[]>(
                (header, payload) =>
                    Forge.Ask(Forge.SignSegments(Base64Url.EncodeToString(header), Base64Url.EncodeToString(payload))) != TokenFault.None
                    && Forge.Ask(Forge.SignSegments(Forge.Encode(Forge.Header), Base64Url.EncodeToString(payload))) != TokenFault.None
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    private static Gen<AccessTokenClaims> AnyClaims() =>
        from subject in AnyText(1)
        from email in AnyText(0)
        from role in AnyText(0)
        from session in AnyText(1)
        from issuedAt in Gen.Choose(0, int.MaxValue)
        from life in Gen.Choose(1, 900)
        let instant = DateTimeOffset.FromUnixTimeSeconds(issuedAt)
        select new AccessTokenClaims(subject, email, role, session, instant, instant.AddSeconds(life), "manacore", "manacore");

    private static Gen<string> AnyText(int least) =>
        from length in Gen.Choose(least, 40)
        from letters in Gen.Choose(0, 0xD7FF).Select(code => (char)code).ArrayOf(length)
        select new string(letters);
}
