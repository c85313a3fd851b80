using Mana.Specs.World;

namespace Mana.Specs.Faults;

/// <summary>One movement that was asked for, and what was answered in the end.</summary>
internal sealed class KilledMovement(string kind, string userId, long amount, string key)
{
    public string Kind { get; } = kind;

    public string UserId { get; } = userId;

    public long Amount { get; } = amount;

    public string Key { get; } = key;

    /// <summary>The reservation that ends, or the spending that is given back.</summary>
    public string? Of { get; init; }

    /// <summary>The id in the answer: the same however often it is asked.</summary>
    public string? Answer { get; private set; }

    public long Change =>
        Kind switch
        {
            "grant" or "refund" or "refund-reservation" => Amount,
            "commit" => 0,
            _ => -Amount,
        };

    public object Body =>
        Kind switch
        {
            "grant" => new
            {
                userId = UserId,
                amount = Amount,
                reason = "a spec",
                referenceId = Key,
            },
            "reserve" => new
            {
                userId = UserId,
                amount = Amount,
                reason = "a spec",
                idempotencyKey = Key,
                ttlSeconds = 86_400,
            },
            "commit" or "refund-reservation" => new { reservationId = Of },
            "refund" => new
            {
                userId = UserId,
                amount = Amount,
                transactionId = Of,
                description = "a spec",
                idempotencyKey = Key,
            },
            _ => new
            {
                userId = UserId,
                amount = Amount,
                description = "a spec",
                idempotencyKey = Key,
            },
        };

    public string IdIn(Reply reply) =>
        Kind switch
        {
            "use" or "refund" => reply.Json.GetProperty("transaction").GetProperty("id").GetString()!,
            "reserve" => reply.Text("reservationId"),
            _ => Key,
        };

    /// <summary>A release has no key: who asks again, because the answer was lost, is told how the reservation has ended.</summary>
    public bool WasReleasedBefore(Reply reply) =>
        Kind == "refund-reservation" && reply.Status == 400 && reply.Text("message").EndsWith("status: refunded", StringComparison.Ordinal);

    public void Acknowledge(string answer)
    {
        Assert.True(Answer is null || Answer == answer, $"{Kind} {Key} was {Answer} and is {answer}");
        Answer = answer;
    }
}
