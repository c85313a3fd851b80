namespace Mana.Ledger.Proofs;

/// <summary>Everything that is hashed of one position of a history: the row, its transfers, and what began or ended with it.</summary>
/// <param name="Reverses">The position a refund gives back.</param>
/// <param name="Lots">The lots that were opened here, in the order of their ids.</param>
/// <param name="TextDigest">What the texts contributed, where they were erased since.</param>
public sealed record RowContent(
    LedgerTransaction Row,
    long? Reverses,
    IReadOnlyList<Transfer> Transfers,
    IReadOnlyList<LotTerms> Lots,
    HoldTerms? Opened,
    HoldEnd? Ended,
    byte[]? TextDigest = null
)
{
    private static readonly IReadOnlyList<LotTerms> NoLots = [];

    private static ReadOnlySpan<byte> ContentTag => "mana-content-v1"u8;

    private static ReadOnlySpan<byte> TextTag => "mana-text-v1"u8;

    private static ReadOnlySpan<byte> SaltTag => "mana-salt-v1"u8;

    /// <summary>Whether anything stands there that erasing somebody takes away.</summary>
    public bool HasTexts =>
        Row is not { Description: "", Metadata: null, IdempotencyKey: null, Fingerprint: null, OrganizationId: null }
        || Opened is { Reason: not "" };

    /// <summary>What is about to be written.</summary>
    public static RowContent Of(Posting posting, LedgerTransaction row) =>
        new(
            row,
            posting.Movement.Reverses,
            posting.Movement.Transfers,
            LotsOpened(posting),
            posting.Movement.Opened is { } hold ? HoldTerms.Of(hold) : null,
            posting.Movement.Ended
        );

    /// <param name="chainId">The random name of the owner's chain.</param>
    /// <param name="chainSalt">Of the chain; null when the texts were erased and their digest was kept.</param>
    public void Digest(Guid chainId, byte[]? chainSalt, Span<byte> digest32)
    {
        Span<byte> texts = stackalloc byte[ProofBytes.HashLength];
        if (chainSalt is null)
        {
            (TextDigest ?? []).CopyTo(texts);
        }
        else
        {
            Span<byte> salt = stackalloc byte[ProofBytes.HashLength];
            TextSalt(chainId, chainSalt, Row.Seq, salt);
            Texts(salt, texts);
        }

        DigestOver(chainId, texts, digest32);
    }

    /// <summary>The salt of one row's texts: whoever is shown it can check that row's, and guess at no other's.</summary>
    public static void TextSalt(Guid chainId, byte[] chainSalt, long seq, Span<byte> salt32)
    {
        using var bytes = new ProofBytes(stackalloc byte[64]);
        bytes.Raw(SaltTag);
        bytes.Raw(chainSalt);
        bytes.Uuid(chainId);
        bytes.Number(seq);
        bytes.Hash(salt32);
    }

    /// <summary>What the texts contribute.</summary>
    public void Texts(ReadOnlySpan<byte> salt32, Span<byte> digest32)
    {
        using var bytes = new ProofBytes(stackalloc byte[512]);
        bytes.Raw(TextTag);
        bytes.Raw(salt32);
        bytes.Text(Row.Description);
        bytes.Text(Row.Metadata);
        bytes.Text(Row.IdempotencyKey);
        bytes.OptionalRaw(Row.Fingerprint, Row.Fingerprint is not null);
        bytes.Text(Row.OrganizationId);
        bytes.Text(Opened?.Reason);
        bytes.Hash(digest32);
    }

    /// <summary>What the whole row contributes to the chain.</summary>
    public void DigestOver(Guid chainId, ReadOnlySpan<byte> texts32, Span<byte> digest32)
    {
        var bytes = new ProofBytes(stackalloc byte[768]);
        bytes.Raw(ContentTag);
        bytes.Uuid(chainId);
        bytes.Number(Row.Seq);
        bytes.Uuid(Row.Id);
        bytes.Text(Row.Type);
        bytes.Text(Row.Status);
        bytes.Number(Row.Amount);
        bytes.Number(Row.BalanceBefore);
        bytes.Number(Row.BalanceAfter);
        bytes.Instant(Row.CreatedAt);
        bytes.OptionalInstant(Row.CompletedAt);
        bytes.OptionalNumber(Reverses);
        bytes.Text(Row.AppId);
        bytes.Raw(texts32);
        bytes.Count(Transfers.Count);
        for (var at = 0; at < Transfers.Count; at++)
        {
            bytes.Text(Transfers[at].From);
            bytes.Text(Transfers[at].To);
            bytes.Number(Transfers[at].Amount);
            bytes.OptionalNumber(Transfers[at].Lot);
        }

        bytes.Count(Lots.Count);
        for (var at = 0; at < Lots.Count; at++)
        {
            Lots[at].Write(ref bytes);
        }

        if (bytes.Has(Opened is not null))
        {
            Opened!.Write(ref bytes);
        }

        if (bytes.Has(Ended is not null))
        {
            bytes.Uuid(Ended!.HoldId);
            bytes.Text(Ended.As);
        }

        bytes.Hash(digest32);
        bytes.Dispose();
    }

    private static IReadOnlyList<LotTerms> LotsOpened(Posting posting)
    {
        var lots = posting.Movement.After.Lots;
        if (lots.IsEmpty)
        {
            return NoLots;
        }

        var here = posting.To.Version;

        return [.. lots.Where(lot => Lot.SeqOf(lot.Id) == here).OrderBy(lot => lot.Id).Select(LotTerms.Of)];
    }
}

/// <summary>What a lot was opened with and keeps.</summary>
public sealed record LotTerms(long Id, string Bucket, int Priority, DateTimeOffset? ExpiresAt, DateTimeOffset OpenedAt)
{
    public static LotTerms Of(Lot lot) => new(lot.Id, lot.Bucket, lot.Priority, lot.ExpiresAt, lot.OpenedAt);

    internal void Write(ref ProofBytes bytes)
    {
        bytes.Number(Id);
        bytes.Text(Bucket);
        bytes.Number(Priority);
        bytes.OptionalInstant(ExpiresAt);
        bytes.Instant(OpenedAt);
    }
}

/// <summary>What a hold was opened with; its reason is one of the row's texts.</summary>
public sealed record HoldTerms(
    Guid Id,
    string Kind,
    long Amount,
    string AppId,
    string Reason,
    DateTimeOffset ExpiresAt,
    DateTimeOffset CreatedAt
)
{
    public static HoldTerms Of(Hold hold) => new(hold.Id, hold.Kind, hold.Amount, hold.AppId, hold.Reason, hold.ExpiresAt, hold.CreatedAt);

    internal void Write(ref ProofBytes bytes)
    {
        bytes.Uuid(Id);
        bytes.Text(Kind);
        bytes.Number(Amount);
        bytes.Text(AppId);
        bytes.Instant(ExpiresAt);
        bytes.Instant(CreatedAt);
    }
}
