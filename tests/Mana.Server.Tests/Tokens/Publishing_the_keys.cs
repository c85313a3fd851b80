using Mana.Specs.World;

namespace Mana.Specs.Tokens;

/// <summary>Contract 1.1.7, JWT-15: the key set at its three addresses.</summary>
public sealed class Publishing_the_keys(House house) : IClassFixture<House>
{
    public static TheoryData<string> Addresses => ["/api/v1/auth/jwks", "/api/auth/jwks", "/.well-known/jwks.json"];

    [Theory]
    [MemberData(nameof(Addresses))]
    public async Task JWT_15_it_shows_public_members_only_each_key_once_and_sets_no_cookie(string path)
    {
        await new Operator(house.Database).Keys("rotate");
        await Task.Delay(TimeSpan.FromSeconds(1));

        var reply = await house.Nobody().Send(HttpMethod.Get, path, null, ("Origin", "https://elsewhere.example"));

        var keys = reply.Expect(200).Json.GetProperty("keys").EnumerateArray().ToArray();
        Assert.Equal(2, keys.Length);
        Assert.All(
            keys,
            key => Assert.Equal(["kty", "crv", "alg", "use", "kid", "x"], key.EnumerateObject().Select(member => member.Name))
        );
        Assert.Equal(2, keys.Select(key => key.GetProperty("kid").GetString()).Distinct().Count());
        Assert.Contains("\"alg\":\"EdDSA\"", reply.Body, StringComparison.Ordinal);
        Assert.Equal("public, max-age=300", reply.Header("Cache-Control"));
        Assert.Equal("application/json", reply.Header("Content-Type"));
        Assert.Empty(reply.SetCookies);
        Assert.Equal((await house.Nobody().Get("/api/v1/auth/jwks")).Body, reply.Body);
    }

    [Theory]
    [MemberData(nameof(Addresses))]
    public async Task JWT_15_whoever_has_it_is_told_so_until_a_key_turns(string path)
    {
        var tag = (await house.Nobody().Get(path)).Expect(200).Header("ETag")!;

        foreach (var known in new[] { tag, $"W/{tag}", $"\"other\", {tag}", "*" })
        {
            var unchanged = await house.Nobody().Send(HttpMethod.Get, path, null, ("If-None-Match", known));
            Assert.Equal((304, "", tag), (unchanged.Status, unchanged.Body, unchanged.Header("ETag")));
            Assert.Equal("public, max-age=300", unchanged.Header("Cache-Control"));
        }

        foreach (var unknown in new[] { "\"other\"", tag.Trim('"'), "\"\"" })
        {
            (await house.Nobody().Send(HttpMethod.Get, path, null, ("If-None-Match", unknown))).Expect(200);
        }

        await new Operator(house.Database).Keys(
            "revoke",
            await house.Database.Read<string>("select id from auth.jwks where active_at is not null")
        );
        await Task.Delay(TimeSpan.FromSeconds(1));
        var changed = await house.Nobody().Send(HttpMethod.Get, path, null, ("If-None-Match", tag));
        Assert.NotEqual(tag, changed.Expect(200).Header("ETag"));
    }

    [Theory]
    [InlineData("/api/v1/auth/jwks", 200)]
    [InlineData("/.well-known/jwks.json", 200)]
    [InlineData("/api/auth/jwks", 404)] // the wire knows no HEAD (section 1.1)
    public async Task JWT_15_a_HEAD_is_a_GET_without_a_body(string path, int status)
    {
        var whole = await house.Nobody().Get(path);

        var head = await house.Nobody().Send(HttpMethod.Head, path, null);

        Assert.Equal((status, ""), (head.Status, head.Body));
        if (status == 200)
        {
            Assert.Equal(whole.Header("ETag"), head.Header("ETag"));
            Assert.Equal(whole.Header("Content-Length"), head.Header("Content-Length"));
            Assert.Equal(whole.Header("Cache-Control"), head.Header("Cache-Control"));
        }
    }
}
