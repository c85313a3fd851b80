using System.Buffers.Text;
using System.Text;
using Mana.Platform.Database;
using Mana.Protocols.Sealing;
using Mana.Protocols.Sodium;
using Mana.Tokens;
using Microsoft.Extensions.DependencyInjection;

namespace Mana.Specs.World;

/// <summary>
/// Somebody who has the key of a house and signs whatever they like with it, so that only what a token says, or how it is spelled, can be
/// what it is refused for.
/// </summary>
public sealed class Forger
{
    private readonly Ed25519Key _key;

    private readonly House _house;

    private Forger(House house, string kid, Ed25519Key key) => (_house, Kid, _key) = (house, kid, key);

    public string Kid { get; }

    public ReadOnlyMemory<byte> PublicKey => _key.PublicKey;

    public string Header => $$"""{"alg":"EdDSA","typ":"JWT","kid":"{{Kid}}"}""";

    public static async Task<Forger> At(House house)
    {
        var reading = Scope.Service("steal the signing key of a house");
        var keys = await house.Services.GetRequiredService<Db>().All<KeyRow>(reading, KeyRow.All(), CancellationToken.None);
        var context = new SealContext("jwk-private", "auth.jwks.private_key", keys[0].Kid);
        var seed = house.Services.GetRequiredService<Sealer>().Open(keys[0].SealedSeed, context)!;

        return new Forger(house, keys[0].Kid, Ed25519Key.FromSeed(seed));
    }

    /// <summary>The payload of a genuine token, as text to change.</summary>
    public static string PayloadOf(string token) => Encoding.UTF8.GetString(Base64Url.DecodeFromChars(token.Split('.')[1]));

    public string Sign(string header, string payload) => SignSegments(Encode(header), Encode(payload));

    public string Sign(string payload) => Sign(Header, payload);

    /// <summary>Signs two segments as they stand, whatever they are.</summary>
    public string SignSegments(string header, string payload)
    {
        var signature = new byte[Ed25519.SignatureLength];
        _key.Sign(Encoding.ASCII.GetBytes($"{header}.{payload}"), signature);

        return $"{header}.{payload}.{Base64Url.EncodeToString(signature)}";
    }

    public static string Encode(string text) => Encode(Encoding.UTF8.GetBytes(text));

    public static string Encode(byte[] bytes) => Base64Url.EncodeToString(bytes);

    /// <summary>
    /// Every way in refuses the token: <c>/validate</c>, the routes that take a bearer, and those that would take the secret of a session.
    /// None of them fails over it.
    /// </summary>
    public async Task IsRefused(string token)
    {
        var nobody = _house.Nobody();
        var validation = await nobody.Post("/api/v1/auth/validate", new { token });
        Assert.True(validation.Status == 200 || (validation.Status == 400 && token.Length == 0), $"{validation.Status}: {validation.Body}");
        Assert.False(validation.Json.GetProperty("valid").GetBoolean(), $"/validate accepted {token}");
        Assert.False(validation.Json.TryGetProperty("payload", out _));
        foreach (var path in new[] { "/api/v1/credits/balance", "/api/v1/auth/session" })
        {
            var reply = await Bearer(HttpMethod.Get, path, token);
            Assert.True(reply.Status == 401, $"{path} answered {reply.Status} to {token}: {reply.Body}");
        }

        Assert.Equal("null", (await Bearer(HttpMethod.Get, "/api/auth/get-session", token)).Expect(200).Body);
        (await Bearer(HttpMethod.Get, "/api/auth/token", token)).Expect(401);
        (await Bearer(HttpMethod.Post, "/api/v1/auth/logout", token)).Expect(401);
    }

    public async Task IsAccepted(string token)
    {
        var validation = (await _house.Nobody().Post("/api/v1/auth/validate", new { token })).Expect(200);
        Assert.True(validation.Json.GetProperty("valid").GetBoolean(), validation.Body);
        (await Bearer(HttpMethod.Get, "/api/v1/credits/balance", token)).Expect(200);
    }

    public Task<Reply> Bearer(HttpMethod method, string path, string token) =>
        _house.Nobody().Send(method, path, null, ("Authorization", $"Bearer {token}"));
}
