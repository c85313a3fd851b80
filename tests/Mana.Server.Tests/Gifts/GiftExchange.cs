using System.Text.Json;
using Mana.Specs.World;

namespace Mana.Specs.Gifts;

/// <summary>People giving and taking, through the front door.</summary>
public static class GiftExchange
{
    public const string Gifts = "/api/v1/gifts";

    public static Task<Reply> Give(
        this Person giver,
        long credits,
        string? targetEmail = null,
        DateTimeOffset? expiresAt = null,
        string? idempotencyKey = null
    ) =>
        giver.Post(
            Gifts,
            new
            {
                credits,
                targetEmail,
                expiresAt,
                idempotencyKey,
                message = "for you",
            }
        );

    public static Task<Reply> Take(this Person taker, string code) => taker.Post($"{Gifts}/{Uri.EscapeDataString(code)}/redeem");

    public static Task<Reply> Cancel(this Person giver, string id) => giver.Delete($"{Gifts}/{id}");

    /// <summary>Free, paid, ever earned, ever spent.</summary>
    public static async Task<string> Holdings(this Person person)
    {
        var balance = (await person.Get("/api/v1/credits/balance")).Expect(200).Json;

        return string.Join(
            ' ',
            new[] { "freeCreditsRemaining", "balance", "totalEarned", "totalSpent" }.Select(name => balance.GetProperty(name))
        );
    }

    /// <summary>Somebody who has paid for credits.</summary>
    public static async Task<Person> Payer(this House house, long paid, string name = "giver")
    {
        var person = await house.Person(name);
        (await house.Service().Grant(person, paid, "paid")).Expect(200);

        return person;
    }

    public static JsonElement[] Rows(this Reply reply) => [.. reply.Expect(200).Json.EnumerateArray()];
}
