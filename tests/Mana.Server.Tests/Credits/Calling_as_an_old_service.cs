using System.Net.Http.Json;
using Mana.Specs.World;

namespace Mana.Specs.Credits;

/// <summary>Contract 1.3.6 and ruling 20: three public paths take the service key, where the setting says so.</summary>
public sealed class Calling_as_an_old_service(HouseOfOldServices house) : IClassFixture<HouseOfOldServices>
{
    [Fact]
    public async Task With_the_key_the_public_path_is_the_internal_one()
    {
        var alice = await house.Person("alice");

        var used = (await Post("use", Use(alice.Id, 10))).Expect(200);
        var charge = used.Json.GetProperty("transaction");
        Assert.Equal("first", charge.GetProperty("appId").GetString());
        var balance = (await Send(HttpMethod.Get, $"balance/{alice.Id}", null)).Expect(200).Json;
        Assert.Equal(140, balance.GetProperty("freeCreditsRemaining").GetInt64());
        Assert.Equal(2, balance.GetProperty("transactionsCount").GetInt64());
        var refund = new
        {
            userId = alice.Id,
            amount = 10,
            transactionId = charge.GetProperty("id").GetString(),
            description = "back",
        };
        (await Post("refund", refund)).Expect(200);
        Assert.Equal(150, await alice.Balance());
    }

    [Fact]
    public async Task Without_the_right_key_the_path_means_what_it_means_for_everybody()
    {
        var alice = await house.Person("alice");

        (await Post("use", Use(alice.Id, 10), "dev-service-kez")).Expect(401, "UNAUTHORIZED");
        (await Post("refund", Use(alice.Id, 10), "dev-service-kez")).Expect(404);
        (await Send(HttpMethod.Get, $"balance/{alice.Id}", null, "dev-service-kez")).Expect(404);
        (await alice.Use(10)).Expect(200);
        Assert.Equal(140, await alice.Balance());
    }

    [Fact]
    public async Task No_other_path_opens_to_the_key()
    {
        (await Send(HttpMethod.Get, "transactions", null)).Expect(401, "UNAUTHORIZED");
        (await Send(HttpMethod.Get, "balance", null)).Expect(401, "UNAUTHORIZED");
        (await Post("grant", new { userId = "x" })).Expect(404);
    }

    private static object Use(string userId, long amount) =>
        new
        {
            userId,
            amount,
            description = "a spec",
        };

    private Task<Reply> Post(string verb, object body, string key = "dev-service-key") =>
        Send(HttpMethod.Post, verb, JsonContent.Create(body), key);

    private Task<Reply> Send(HttpMethod method, string verb, HttpContent? body, string key = "dev-service-key") =>
        house.Nobody().Send(method, $"/api/v1/credits/{verb}", body, ("X-Service-Key", key), ("X-App-Id", "first"));
}
