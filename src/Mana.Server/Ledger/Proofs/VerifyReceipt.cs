using System.Buffers.Text;
using System.Text;
using Mana.Protocols.Sodium;

namespace Mana.Ledger.Proofs;

/// <summary>Checks a receipt from nothing but itself and a public key.</summary>
public static class VerifyReceipt
{
    /// <returns>Null when it holds; otherwise what is wrong.</returns>
    public static string? Problem(Receipt receipt, IReadOnlyDictionary<string, byte[]> keys)
    {
        try
        {
            return Format(receipt) ?? Texts(receipt) ?? Chained(receipt) ?? Signed(receipt.Seal, keys);
        }
        catch (Exception wrong) when (wrong is FormatException or ArgumentException or NullReferenceException or OverflowException)
        {
            return "it is not written as receipts are";
        }
    }

    private static string? Format(Receipt receipt) =>
        receipt.Format != Receipt.FormatName ? $"it is not a {Receipt.FormatName}"
        : receipt.Following.Count > Receipt.FollowingMax ? "it is longer than receipts are"
        // It is repeated to whoever checks, and a terminal obeys more than letters.
        : !receipt.Seal.KeyId.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_') ? "its key has a name no key has"
        : null;

    private static string? Texts(Receipt receipt)
    {
        if (receipt.Texts is not { } texts)
        {
            return null;
        }

        if (receipt.Row.Hold is null && texts.HoldReason is not null)
        {
            return "it gives a reason for a hold that is not there"; // the digest takes the reason from the hold, and would not see it
        }

        var digest = new byte[ProofBytes.HashLength];
        Content(receipt).Texts(Hex.Hash(texts.Salt), digest);

        return Hex.Of(digest) == receipt.TextDigest ? null : "its texts are not those that were sealed";
    }

    private static string? Chained(Receipt receipt)
    {
        Span<byte> digest = stackalloc byte[ProofBytes.HashLength];
        var hash = new byte[ProofBytes.HashLength];
        Content(receipt).DigestOver(receipt.Row.ChainId, Hex.Hash(receipt.TextDigest), digest);
        Chain.Link(Hex.Hash(receipt.Previous), digest, hash);
        foreach (var following in receipt.Following)
        {
            Chain.Link(hash, Hex.Hash(following), hash);
        }

        var leaf = MerkleTree.Leaf(receipt.Row.ChainId, receipt.Row.Seq + receipt.Following.Count, hash);
        var root = MerkleTree.RootOf(leaf, receipt.LeafIndex, receipt.Seal.Leaves, [.. receipt.Path.Select(Hex.Hash)]);

        return root is not null && Hex.Of(root) == receipt.Seal.Root ? null : "its row does not lead to the root that was signed";
    }

    private static string? Signed(ReceiptSeal seal, IReadOnlyDictionary<string, byte[]> keys)
    {
        if (!keys.TryGetValue(seal.KeyId, out var key))
        {
            return $"the key {seal.KeyId} is not among those that were given";
        }

        var text = new Seal(
            seal.Number,
            seal.XidFrom,
            seal.XidBelow,
            seal.Rows,
            seal.Leaves,
            Hex.Hash(seal.Root),
            Hex.Hash(seal.Entries),
            Hex.Hash(seal.Previous),
            Instant(seal.SealedAt),
            seal.KeyId
        ).Text();

        return Ed25519.Verify(key, text, Base64Url.DecodeFromUtf8(Encoding.UTF8.GetBytes(seal.Signature)))
            ? null
            : "its seal was not signed by that key";
    }

    private static RowContent Content(Receipt receipt)
    {
        var (row, texts) = (receipt.Row, receipt.Texts);

        return new RowContent(
            new LedgerTransaction(
                default, // nothing of the owner is hashed
                row.Seq,
                row.Id,
                row.Type,
                row.Status,
                row.Amount,
                row.BalanceBefore,
                row.BalanceAfter,
                row.AppId,
                texts?.Description ?? "",
                texts?.OrganizationId,
                texts?.Metadata,
                texts?.IdempotencyKey,
                texts?.Fingerprint is { } fingerprint ? Convert.FromHexString(fingerprint) : null,
                Instant(row.CreatedAt),
                row.CompletedAt is { } completed ? Instant(completed) : null
            ),
            row.Reverses,
            row.Transfers,
            [.. row.Lots.Select(lot => new LotTerms(lot.Id, lot.Bucket, lot.Priority, Instant(lot.ExpiresAt), Instant(lot.OpenedAt)))],
            row.Hold is { } hold
                ? new HoldTerms(
                    hold.Id,
                    hold.Kind,
                    hold.Amount,
                    hold.AppId,
                    texts?.HoldReason!,
                    Instant(hold.ExpiresAt),
                    Instant(hold.CreatedAt)
                )
                : null,
            row.HoldEnd is { } end ? new HoldEnd(end.Id, end.As) : null
        );
    }

    private static DateTimeOffset Instant(long micros) => DateTimeOffset.UnixEpoch.AddTicks(checked(micros * TimeSpan.TicksPerMicrosecond));

    private static DateTimeOffset? Instant(long? micros) => micros is { } known ? Instant(known) : null;
}
