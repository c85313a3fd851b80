using System.Security.Cryptography;
using System.Text.Json;
using Mana.Ledger;
using Mana.Platform;
using Mana.Platform.Http;

namespace Mana.Credits;

/// <summary>What makes two requests the same request (ruling 17, contract 3.3).</summary>
public sealed record Terms(string Verb, OwnerId Owner, long Amount, string AppId, string? OrganizationId = null, Guid? TransactionId = null)
{
    /// <summary>Hash over all terms; stored with the key.</summary>
    public byte[] Fingerprint() =>
        SHA256.HashData(
            JsonSerializer.SerializeToUtf8Bytes(
                new
                {
                    verb = Verb,
                    owner = Owner.Value,
                    amount = Amount,
                    appId = AppId,
                    organizationId = OrganizationId,
                    transactionId = TransactionId?.ToString(),
                },
                WireJson.Options
            )
        );
}

/// <summary>Idempotency keys: the caller's own, and those the service makes.</summary>
public static class IdempotencyKeys
{
    /// <summary>Keys the service makes itself; a client's key may not look like one (contract 3.3).</summary>
    private static readonly string[] Reserved =
    [
        "purchase:",
        "signup:",
        "daily:",
        "refund:",
        "reservation:",
        GiftPrefix,
        "alloc:",
        GrantPrefix,
    ];

    private const string GrantPrefix = "grant:";

    private const string GiftPrefix = "gift:";

    /// <summary>Under which a gift arrives.</summary>
    public static string OfGift(Guid id) => GiftPrefix + id;

    public static string OfGrant(string referenceId) => GrantPrefix + referenceId;

    /// <returns>The refusal of a key that begins like one of ours.</returns>
    public static Refusal? Check(string? key) =>
        key is not null && Array.Exists(Reserved, prefix => key.StartsWith(prefix, StringComparison.Ordinal))
            ? Refusals.IdempotencyKeyReserved
            : null;

    public static bool IsSame(LedgerTransaction earlier, byte[]? fingerprint) => earlier.Fingerprint.AsSpan().SequenceEqual(fingerprint);
}
