using System.Buffers.Text;
using System.Text.Json.Serialization;

namespace Mana.Ledger.Proofs;

/// <summary>
/// Proves that a row of a history was sealed: its content, the way from it to the newest row the seal covers, the way from there to the root,
/// and the signature. Whoever has the public key checks it without us (docs/reference/proofs.md). Hashes are lower-case hexadecimal, instants
/// microseconds since 1970.
/// </summary>
/// <param name="Texts">Null when they were erased.</param>
/// <param name="TextDigest">What the texts contribute to the row.</param>
/// <param name="Previous">The hash of the row before it.</param>
/// <param name="Following">Content digests of the rows after it, up to the one the seal covers.</param>
/// <param name="Path">The hashes beside the way from the leaf to the root, from below.</param>
public sealed record Receipt(
    [property: JsonRequired] string Format,
    [property: JsonRequired] ReceiptRow Row,
    ReceiptTexts? Texts,
    [property: JsonRequired] string TextDigest,
    [property: JsonRequired] string Previous,
    [property: JsonRequired] IReadOnlyList<string> Following,
    [property: JsonRequired] long LeafIndex,
    [property: JsonRequired] IReadOnlyList<string> Path,
    [property: JsonRequired] ReceiptSeal Seal
)
{
    public const string FormatName = "mana-receipt-v1";

    /// <summary>Rows of one history that one seal covers, and so hashes in <see cref="Following"/>.</summary>
    public const int FollowingMax = SealBooks.RowsMax;
}

/// <summary>A position of a history as it is hashed.</summary>
/// <param name="Lots">Opened here.</param>
/// <param name="Hold">Began here.</param>
/// <param name="HoldEnd">Ended here.</param>
public sealed record ReceiptRow(
    [property: JsonRequired] Guid ChainId,
    [property: JsonRequired] long Seq,
    [property: JsonRequired] Guid Id,
    [property: JsonRequired] string Type,
    [property: JsonRequired] string Status,
    [property: JsonRequired] long Amount,
    [property: JsonRequired] long BalanceBefore,
    [property: JsonRequired] long BalanceAfter,
    [property: JsonRequired] long CreatedAt,
    long? CompletedAt,
    long? Reverses,
    [property: JsonRequired] string AppId,
    [property: JsonRequired] IReadOnlyList<Transfer> Transfers,
    [property: JsonRequired] IReadOnlyList<ReceiptLot> Lots,
    ReceiptHold? Hold,
    ReceiptHoldEnd? HoldEnd
);

public sealed record ReceiptLot(long Id, string Bucket, int Priority, long? ExpiresAt, long OpenedAt);

public sealed record ReceiptHold(Guid Id, string Kind, long Amount, string AppId, long ExpiresAt, long CreatedAt);

public sealed record ReceiptHoldEnd(Guid Id, string As);

/// <param name="Salt">Of this row's texts alone.</param>
/// <param name="Metadata">As the database prints it; a text, because its bytes are hashed.</param>
public sealed record ReceiptTexts(
    [property: JsonRequired] string Salt,
    [property: JsonRequired] string Description,
    string? Metadata,
    string? IdempotencyKey,
    string? Fingerprint,
    string? OrganizationId,
    string? HoldReason
);

/// <param name="Entries">The hash of the seal's entries.</param>
/// <param name="Signature">base64url, over the lines of the seal.</param>
public sealed record ReceiptSeal(
    [property: JsonRequired] long Number,
    [property: JsonRequired] long XidFrom,
    [property: JsonRequired] long XidBelow,
    [property: JsonRequired] long Rows,
    [property: JsonRequired] int Leaves,
    [property: JsonRequired] string Root,
    [property: JsonRequired] string Entries,
    [property: JsonRequired] string Previous,
    [property: JsonRequired] long SealedAt,
    [property: JsonRequired] string KeyId,
    [property: JsonRequired] string Signature
)
{
    public static ReceiptSeal Of(StoredSeal stored)
    {
        var seal = stored.Seal;

        return new ReceiptSeal(
            seal.Number,
            seal.XidFrom,
            seal.XidBelow,
            seal.Rows,
            seal.Leaves,
            Hex.Of(seal.Root),
            Hex.Of(seal.EntriesHash),
            Hex.Of(seal.Previous),
            ProofBytes.Micros(seal.SealedAt),
            seal.KeyId,
            Base64Url.EncodeToString(stored.Signature)
        );
    }
}

/// <summary>Hashes as receipts write them.</summary>
internal static class Hex
{
    public static string Of(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(bytes);

    /// <exception cref="FormatException">It is not 32 bytes of lower-case hexadecimal.</exception>
    public static byte[] Hash(string text)
    {
        var bytes = Convert.FromHexString(text);

        return bytes.Length == ProofBytes.HashLength && Of(bytes) == text ? bytes : throw new FormatException("not a hash");
    }
}
