using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Mana.Protocols.Sodium;
using Mana.Specs.World;

namespace Mana.Specs.Tokens;

/// <summary>
/// JWT-01 to JWT-07 of the attack catalogue at the doors: tokens with a header of the attacker's. What the verifier itself makes of hundreds
/// more of them stands in the specs of the protocols.
/// </summary>
public sealed class Forging_an_access_token(House house) : IClassFixture<House>
{
    [Theory]
    [InlineData("none")]
    [InlineData("None")]
    [InlineData("nOnE")]
    public async Task JWT_01_without_an_algorithm_there_is_no_signature(string algorithm)
    {
        var (forger, token) = await Begin();
        var (payload, signature) = (token.Split('.')[1], token.Split('.')[2]);
        var header = Forger.Encode($$"""{"alg":"{{algorithm}}","typ":"JWT","kid":"{{forger.Kid}}"}""");

        await forger.IsRefused($"{header}.{payload}.");
        await forger.IsRefused($"{header}.{payload}");
        await forger.IsRefused($"{header}.{payload}.{signature}");
    }

    [Theory]
    [InlineData("HS256")]
    [InlineData("HS384")]
    [InlineData("HS512")]
    public async Task JWT_02_the_public_key_is_no_secret_to_make_a_MAC_with(string algorithm)
    {
        var (forger, token) = await Begin();
        var x = Forger.Encode(forger.PublicKey.ToArray());
        byte[] spki = [.. Convert.FromHexString("302a300506032b6570032100"), .. forger.PublicKey.Span];
        byte[][] keys =
        [
            forger.PublicKey.ToArray(),
            Encoding.ASCII.GetBytes(x),
            Encoding.ASCII.GetBytes($$"""{"kty":"OKP","crv":"Ed25519","x":"{{x}}"}"""),
            Encoding.ASCII.GetBytes((await house.Nobody().Get("/api/v1/auth/jwks")).Body),
            spki,
            Encoding.ASCII.GetBytes(PemEncoding.WriteString("PUBLIC KEY", spki)),
        ];
        Func<byte[], byte[], byte[]> mac = algorithm switch
        {
            "HS256" => HMACSHA256.HashData,
            "HS384" => HMACSHA384.HashData,
            _ => HMACSHA512.HashData,
        };

        foreach (var key in keys)
        {
            foreach (var named in new[] { algorithm, "EdDSA" })
            {
                var signed = Forger.Encode($$"""{"alg":"{{named}}","typ":"JWT","kid":"{{forger.Kid}}"}""") + "." + token.Split('.')[1];
                await forger.IsRefused($"{signed}.{Forger.Encode(mac(key, Encoding.ASCII.GetBytes(signed)))}");
            }
        }
    }

    [Fact]
    public async Task JWT_03_no_other_algorithm_counts_however_rightly_it_was_used()
    {
        var (forger, token) = await Begin();
        using var rsa = RSA.Create(2048);
        using var curve = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await forger.IsRefused(Signed("RS256", bytes => rsa.SignData(bytes, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)));
        await forger.IsRefused(Signed("ES256", bytes => curve.SignData(bytes, HashAlgorithmName.SHA256)));
        await forger.IsRefused(Signed("EdDSA", _ => RandomNumberGenerator.GetBytes(114))); // as long as one of Ed448
        await forger.IsRefused(forger.Sign($$"""{"alg":"Ed25519","typ":"JWT","kid":"{{forger.Kid}}"}""", Forger.PayloadOf(token)));

        string Signed(string algorithm, Func<byte[], byte[]> sign)
        {
            var signed = Forger.Encode($$"""{"alg":"{{algorithm}}","typ":"JWT","kid":"{{forger.Kid}}"}""") + "." + token.Split('.')[1];
            return $"{signed}.{Forger.Encode(sign(Encoding.ASCII.GetBytes(signed)))}";
        }
    }

    [Fact]
    public async Task JWT_04_a_key_that_comes_along_with_the_token_is_nobodys_key()
    {
        var (forger, token) = await Begin();
        using var attacker = Ed25519Key.FromSeed(Ed25519Key.NewSeed());
        var jwk = $$"""{"kty":"OKP","crv":"Ed25519","x":"{{Forger.Encode(attacker.PublicKey.ToArray())}}","kid":"{{forger.Kid}}"}""";

        foreach (var brought in new[] { $"\"jwk\":{jwk}", "\"x5c\":[\"MIIB\"]", $"\"jwk\":{jwk},\"x5c\":[]" })
        {
            var header = Forger.Encode($$"""{"alg":"EdDSA","typ":"JWT","kid":"{{forger.Kid}}",{{brought}}}""");
            var signed = $"{header}.{token.Split('.')[1]}";
            var signature = new byte[Ed25519.SignatureLength];
            attacker.Sign(Encoding.ASCII.GetBytes(signed), signature);

            await forger.IsRefused($"{signed}.{Forger.Encode(signature)}");
        }
    }

    [Fact]
    public async Task JWT_05_an_address_in_the_header_is_never_called()
    {
        var (forger, token) = await Begin();
        using var sink = new TcpListener(IPAddress.Loopback, 0);
        sink.Start();
        var address = $"http://127.0.0.1:{((IPEndPoint)sink.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture)}/jwks";

        foreach (var member in new[] { "jku", "x5u" })
        {
            await forger.IsRefused(
                forger.Sign($$"""{"alg":"EdDSA","typ":"JWT","kid":"{{forger.Kid}}","{{member}}":"{{address}}"}""", Forger.PayloadOf(token))
            );
        }

        Assert.False(sink.Pending());
    }

    [Fact]
    public async Task JWT_06_a_key_id_is_looked_up_and_nothing_else()
    {
        var (forger, token) = await Begin();
        string[] kids =
        [
            "\"../../../../dev/null\"",
            "\"x' or '1'='1\"",
            "\"" + forger.Kid + "\\u0000\"",
            "\"" + forger.Kid.ToUpperInvariant() + "\"",
            "\"\"",
            "1",
            "[\"" + forger.Kid + "\"]",
            "null",
            "\"" + new string('k', 1_000) + "\"",
        ];

        foreach (var kid in kids)
        {
            await forger.IsRefused(forger.Sign($$"""{"alg":"EdDSA","typ":"JWT","kid":{{kid}}}""", Forger.PayloadOf(token)));
        }

        await forger.IsRefused(forger.Sign("""{"alg":"EdDSA","typ":"JWT"}""", Forger.PayloadOf(token)));
        await forger.IsRefused(
            forger.Sign($$"""{"alg":"EdDSA","typ":"JWT","kid":"{{new string('k', 10_000)}}"}""", Forger.PayloadOf(token))
        );
    }

    [Fact]
    public async Task JWT_06_the_id_of_another_key_of_ours_is_that_keys()
    {
        var (forger, token) = await Begin();
        Assert.Equal(0, (await new Operator(house.Database).Keys("rotate")).ExitCode);
        var announced = await house.Database.Read<string>("select id from auth.jwks where active_at is null");

        await forger.IsRefused(forger.Sign($$"""{"alg":"EdDSA","typ":"JWT","kid":"{{announced}}"}""", Forger.PayloadOf(token)));
    }

    [Fact]
    public async Task JWT_07_what_changes_the_meaning_of_a_token_is_refused_before_it_is_done()
    {
        var (forger, token) = await Begin();
        foreach (var member in new[] { "\"crit\":[\"exp\"]", "\"b64\":false", "\"zip\":\"DEF\"", "\"cty\":\"JWT\"" })
        {
            await forger.IsRefused(
                forger.Sign($$"""{"alg":"EdDSA","typ":"JWT","kid":"{{forger.Kid}}",{{member}}}""", Forger.PayloadOf(token))
            );
        }

        foreach (var type in new[] { "\"jwt\"", "\"at+jwt\"", "\"application/jwt\"", "1", "null" })
        {
            await forger.IsRefused(forger.Sign($$"""{"alg":"EdDSA","typ":{{type}},"kid":"{{forger.Kid}}"}""", Forger.PayloadOf(token)));
        }

        var encrypted = Forger.Encode("""{"alg":"dir","enc":"A256GCM"}""");
        await forger.IsRefused($"{encrypted}..AAAAAAAAAAAAAAAA.{token.Split('.')[1]}.AAAAAAAAAAAAAAAAAAAAAA");
        await forger.IsRefused(forger.SignSegments(Forger.Encode(forger.Header), Forger.Encode(token)));
    }

    private async Task<(Forger Forger, string Token)> Begin()
    {
        var alice = await house.Person("alice");
        var forger = await Forger.At(house);
        await forger.IsAccepted(forger.Sign(Forger.PayloadOf(alice.AccessToken))); // what follows is refused for its defect alone

        return (forger, alice.AccessToken);
    }
}
