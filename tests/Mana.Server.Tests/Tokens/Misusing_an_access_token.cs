using System.Globalization;
using System.Net.Sockets;
using System.Numerics;
using System.Text;
using Mana.Specs.World;

namespace Mana.Specs.Tokens;

/// <summary>JWT-08 to JWT-13 of the attack catalogue at the doors: rightly signed or rightly made, and still not to be believed.</summary>
public sealed class Misusing_an_access_token(House house) : IClassFixture<House>
{
    private const string Balance = "/api/v1/credits/balance";

    [Fact]
    public async Task JWT_08_times_are_whole_seconds_inside_their_bounds_and_five_seconds_of_leeway()
    {
        var (forger, payload) = await Begin();
        var now = house.Clock.GetUtcNow().ToUnixTimeSeconds();
        var exp = $"\"exp\":{Claim(payload, "exp")}";
        var iat = $"\"iat\":{Claim(payload, "iat")}";

        await forger.IsAccepted(forger.Sign(payload.Replace(exp, $"\"exp\":{now - 4}", StringComparison.Ordinal)));
        await forger.IsAccepted(forger.Sign(payload.Replace(iat, $"\"iat\":{now + 5}", StringComparison.Ordinal)));
        foreach (
            var late in new[] { $"{now - 5}", $"{now - 3600}", "\"soon\"", $"\"{now + 900}\"", "1e400", $"{now + 900}.5", "-1", "null" }
        )
        {
            await forger.IsRefused(forger.Sign(payload.Replace(exp, $"\"exp\":{late}", StringComparison.Ordinal)));
        }

        await forger.IsRefused(forger.Sign(payload.Replace($"{exp},", "", StringComparison.Ordinal)));
        await forger.IsRefused(forger.Sign(payload.Replace(iat, $"\"iat\":{now + 6}", StringComparison.Ordinal)));
        await forger.IsRefused(forger.Sign(payload.Replace("{", $"{{\"nbf\":{now + 60},", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task JWT_09_it_is_ours_for_us_and_about_somebody_who_is_here()
    {
        var (forger, payload) = await Begin();
        string[] issuers = ["\"other\"", "\"manacore/\"", "[\"manacore\"]", "null"];
        string[] audiences = ["\"other\"", "[\"manacore\"]", "[\"other\",\"manacore\"]", "null"];
        var sub = $"\"sub\":\"{Claim(payload, "sub")}\"";

        foreach (var issuer in issuers)
        {
            await forger.IsRefused(forger.Sign(payload.Replace("\"iss\":\"manacore\"", $"\"iss\":{issuer}", StringComparison.Ordinal)));
        }

        foreach (var audience in audiences)
        {
            await forger.IsRefused(forger.Sign(payload.Replace("\"aud\":\"manacore\"", $"\"aud\":{audience}", StringComparison.Ordinal)));
        }

        await forger.IsRefused(forger.Sign(payload.Replace(",\"aud\":\"manacore\"", "", StringComparison.Ordinal)));
        await forger.IsRefused(forger.Sign(payload.Replace($"{sub},", "", StringComparison.Ordinal)));
        await forger.IsRefused(forger.Sign(payload.Replace(sub, "\"sub\":1", StringComparison.Ordinal)));
        await house.Database.Tamper("delete from auth.users where id = $1", Claim(payload, "sub"));
        await Task.Delay(TimeSpan.FromSeconds(1));
        Assert.Equal(
            "Session revoked",
            (await house.Nobody().Post("/api/v1/auth/validate", new { token = forger.Sign(payload) })).Text("error")
        );
        (await forger.Bearer(HttpMethod.Get, Balance, forger.Sign(payload))).Expect(401);
    }

    [Fact]
    public async Task JWT_10_no_other_secret_is_an_access_token_and_an_access_token_is_no_other_secret()
    {
        var alice = house.Stranger("alice");
        await alice.Register("Alice");
        var login = await alice.Login();
        var forger = await Forger.At(house);
        var cookie = login.CookieHeader().Split(';')[0];

        foreach (var other in new[] { alice.RefreshToken, cookie[(cookie.IndexOf('=', StringComparison.Ordinal) + 1)..], forger.Kid })
        {
            var validation = (await house.Nobody().Post("/api/v1/auth/validate", new { token = other })).Expect(200);
            Assert.False(validation.Json.GetProperty("valid").GetBoolean());
            (await forger.Bearer(HttpMethod.Get, Balance, other)).Expect(401);
        }

        // The secret of a session is one bearer on the wire and none with us.
        (await forger.Bearer(HttpMethod.Get, Balance, login.Text("token"))).Expect(401);
        (await house.Nobody().Post("/api/v1/auth/refresh", new { refreshToken = alice.AccessToken })).Expect(401);
        Assert.Equal("null", (await forger.Bearer(HttpMethod.Get, "/api/auth/get-session", alice.AccessToken)).Body);
        var browser = house.Nobody();
        browser.Cookies = $"mana.session_token={alice.AccessToken}";
        Assert.Equal("null", (await browser.Get("/api/auth/get-session")).Expect(200).Body);
        var verification = await house.Nobody().Get($"/api/auth/verify-email?token={alice.AccessToken}");
        Assert.NotEqual(200, verification.Status);
    }

    [Fact]
    public async Task JWT_11_a_token_has_one_spelling()
    {
        var (forger, payload) = await Begin();
        var token = forger.Sign(payload);
        var (h, p, s) = (token.Split('.')[0], token.Split('.')[1], token.Split('.')[2]);
        string[] misspelt =
        [
            $"{token}=",
            $"{h}=.{p}.{s}",
            $"{h}.{p} .{s}",
            $"{h}.{p}.{s[..40]} {s[40..]}",
            $"{h}.{p}.{s.Replace('_', '/').Replace('-', '+')}+",
            token[..^1] + (token[^1] == 'A' ? 'B' : (char)(token[^1] + 1)),
            $"{h}.{p}",
            $"{token}.{s}",
            $"{token}.a.b",
            $"{token}.",
            new string('a', 100_000)[..90_000],
        ];

        foreach (var spelling in misspelt)
        {
            var validation = await house.Nobody().Post("/api/v1/auth/validate", new { token = spelling });
            Assert.False(validation.Expect(200).Json.GetProperty("valid").GetBoolean());
        }

        foreach (var header in new[] { $"Bearer  {token}", $"Bearer\t{token}", $"Bearer {token}=", $"Token {token}", token })
        {
            await Answers(401, $"Authorization: {header}");
        }

        await Answers(401, $"Authorization: Bearer {token}\r\nAuthorization: Bearer {token}");
        await Answers(200, $"Authorization: Bearer {token}");
    }

    [Fact]
    public async Task JWT_12_a_payload_says_everything_once_and_nothing_else()
    {
        var (forger, payload) = await Begin();
        var deep = new string('[', 1_300) + new string(']', 1_300);
        string[] payloads =
        [
            payload.Replace("{\"sub\"", "{\"sub\":\"somebody\",\"sub\"", StringComparison.Ordinal),
            payload.Replace("\"iss\"", "\"exp\":9999999999,\"iss\"", StringComparison.Ordinal),
            payload.Replace("\"role\":\"user\"", "\"role\":\"user\",\"role\":\"admin\"", StringComparison.Ordinal),
            payload.Replace("{", "{\"admin\":true,", StringComparison.Ordinal),
            "\uFEFF" + payload,
            payload + "{}",
            payload + "x",
            "[" + payload + "]",
            payload.Replace("\"user\"", deep, StringComparison.Ordinal),
        ];

        foreach (var changed in payloads)
        {
            await forger.IsRefused(forger.Sign(changed));
        }

        await forger.IsRefused(forger.Sign($$"""{"alg":"none","alg":"EdDSA","typ":"JWT","kid":"{{forger.Kid}}"}""", payload));
        var bytes = Encoding.UTF8.GetBytes(payload);
        bytes[payload.IndexOf('@', StringComparison.Ordinal)] = 0xFF;
        await forger.IsRefused(forger.SignSegments(Forger.Encode(forger.Header), Forger.Encode(bytes)));
    }

    [Fact]
    public async Task JWT_13_no_bit_of_a_signature_can_be_changed_and_no_other_number_stands_for_it()
    {
        var (forger, payload) = await Begin();
        var token = forger.Sign(payload);
        var dot = token.LastIndexOf('.');
        var signature = System.Buffers.Text.Base64Url.DecodeFromChars(token.AsSpan(dot + 1));
        var changed = Enumerable
            .Range(0, signature.Length * 8)
            .Select(bit =>
            {
                var flipped = (byte[])signature.Clone();
                flipped[bit / 8] ^= (byte)(1 << bit % 8);
                return flipped;
            })
            .Append(Malleated(signature))
            .ToArray();

        var verdicts = await Task.WhenAll(
            changed.Select(bytes => house.Nobody().Post("/api/v1/auth/validate", new { token = $"{token[..dot]}.{Forger.Encode(bytes)}" }))
        );

        Assert.All(verdicts, verdict => Assert.Equal("Invalid signature", verdict.Expect(200).Text("error")));
        (await forger.Bearer(HttpMethod.Get, Balance, $"{token[..dot]}.{Forger.Encode(Malleated(signature))}")).Expect(401);
    }

    [Fact]
    public async Task JWT_18_it_says_eight_things_and_its_header_three()
    {
        var alice = await house.Person("alice");
        var payload = System.Text.Json.JsonElement.Parse(Forger.PayloadOf(alice.AccessToken));
        var header = System.Text.Json.JsonElement.Parse(
            Encoding.UTF8.GetString(System.Buffers.Text.Base64Url.DecodeFromChars(alice.AccessToken.Split('.')[0]))
        );

        Assert.Equal(["sub", "email", "role", "sid", "iat", "exp", "iss", "aud"], payload.EnumerateObject().Select(claim => claim.Name));
        Assert.Equal(["alg", "typ", "kid"], header.EnumerateObject().Select(member => member.Name));
    }

    /// <summary>The same point with S raised by the order of the group: another number modulo nothing, the same modulo L.</summary>
    private static byte[] Malleated(byte[] signature)
    {
        var order = BigInteger.Pow(2, 252) + BigInteger.Parse("27742317777372353535851937790883648493", CultureInfo.InvariantCulture);
        var raised = new BigInteger(signature.AsSpan(32), isUnsigned: true) + order;
        var other = (byte[])signature.Clone();
        raised.ToByteArray(isUnsigned: true).CopyTo(other, 32);

        return other;
    }

    /// <summary>Past a client library, which would put the header right.</summary>
    private async Task Answers(int status, string authorization)
    {
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", house.Address.Port);
        await using var stream = client.GetStream();
        var request = $"GET {Balance} HTTP/1.1\r\nHost: {house.Address.Authority}\r\n{authorization}\r\nConnection: close\r\n\r\n";
        await stream.WriteAsync(Encoding.ASCII.GetBytes(request));
        using var reader = new StreamReader(stream);
        var answer = await reader.ReadToEndAsync();

        Assert.True(answer.StartsWith($"HTTP/1.1 {status} ", StringComparison.Ordinal), $"{authorization}: {answer.Split('\n')[0]}");
    }

    private async Task<(Forger Forger, string Payload)> Begin()
    {
        var alice = await house.Person("alice");
        var forger = await Forger.At(house);
        var payload = Forger.PayloadOf(alice.AccessToken);
        await forger.IsAccepted(forger.Sign(payload));

        return (forger, payload);
    }

    private static string Claim(string payload, string name) => System.Text.Json.JsonElement.Parse(payload).GetProperty(name).ToString();
}
