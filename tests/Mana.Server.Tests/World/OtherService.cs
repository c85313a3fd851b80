using System.Net.Http.Json;

namespace Mana.Specs.World;

/// <summary>Another service of the ecosystem, acting with the service key on behalf of people.</summary>
public sealed class OtherService(House house, string appId, string key = "dev-service-key")
{
    public Task<Reply> Get(string path) => house.Nobody().Send(HttpMethod.Get, path, null, Headers);

    public Task<Reply> Post(string verb, object body) =>
        house.Nobody().Send(HttpMethod.Post, $"/api/v1/internal/credits/{verb}", JsonContent.Create(body), Headers);

    public Task<Reply> Grant(
        Person to,
        long amount,
        string reference,
        bool free = false,
        int? priority = null,
        DateTimeOffset? expiresAt = null
    ) =>
        Post(
            "grant",
            new
            {
                userId = to.Id,
                amount,
                reason = "a spec",
                referenceId = reference,
                free,
                priority,
                expiresAt,
            }
        );

    public Task<Reply> Reserve(Person from, long amount, string? idempotencyKey = null, long? ttlSeconds = null) =>
        Post(
            "reserve",
            new
            {
                userId = from.Id,
                amount,
                reason = "research:summary",
                idempotencyKey,
                ttlSeconds,
            }
        );

    public Task<Reply> Commit(string reservationId, long? amount = null) => Post("commit", new { reservationId, amount });

    public Task<Reply> Release(string reservationId) => Post("refund-reservation", new { reservationId });

    public Task<Reply> Refund(Person to, string transactionId, long amount, string? idempotencyKey = null) =>
        Post(
            "refund",
            new
            {
                userId = to.Id,
                transactionId,
                amount,
                description = "a spec",
                idempotencyKey,
            }
        );

    /// <summary>Every verb that is told of whom to move or read credits says that it knows nobody of this id.</summary>
    public async Task FindsNobody(string id)
    {
        (await Get($"/api/v1/internal/credits/balance/{id}")).Expect(404, "NOT_FOUND");
        foreach (
            var (verb, body) in new (string, object)[]
            {
                ("init", new { userId = id }),
                (
                    "use",
                    new
                    {
                        userId = id,
                        amount = 1,
                        description = "a spec",
                    }
                ),
                (
                    "grant",
                    new
                    {
                        userId = id,
                        amount = 1,
                        reason = "a spec",
                        referenceId = "nobody",
                    }
                ),
                (
                    "reserve",
                    new
                    {
                        userId = id,
                        amount = 1,
                        reason = "a spec",
                    }
                ),
                (
                    "refund",
                    new
                    {
                        userId = id,
                        amount = 1,
                        transactionId = Guid.Empty,
                        description = "a spec",
                    }
                ),
            }
        )
        {
            Assert.Equal("User not found", (await Post(verb, body)).Expect(404, "NOT_FOUND").Text("message"));
        }
    }

    private (string Name, string Value)[] Headers => [("X-Service-Key", key), ("X-App-Id", appId)];
}
