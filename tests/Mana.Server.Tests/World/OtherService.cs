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

    private (string Name, string Value)[] Headers => [("X-Service-Key", key), ("X-App-Id", appId)];
}
