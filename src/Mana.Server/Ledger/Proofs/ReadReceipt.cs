using Mana.Platform;
using Mana.Platform.Database;

namespace Mana.Ledger.Proofs;

/// <summary>Puts together the proof that a row was sealed. One that is new waits for its seal, a second at the most.</summary>
public sealed class ReadReceipt(Db db, TimeProvider clock)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(100);

    /// <summary>A full seal has some thousands of leaves, and whoever asks, asks for what is new.</summary>
    private const int SealsMax = 8;

    private static readonly Scope Proving = Scope.Service("prove a row of somebody's history");

    /// <summary>The leaves of seals by the heads of these; neither ever changes.</summary>
    private readonly Kept<Digest, SealLeaves> _leaves = new(SealsMax);

    /// <param name="owner">Nobody else's rows are found.</param>
    public async Task<Outcome<Receipt>> Run(OwnerId owner, Guid transactionId, CancellationToken cancel)
    {
        if (await db.Find<HashedRow>(Proving, HashedRow.Of(owner.Value, transactionId), cancel) is not { } row)
        {
            return Refusals.TransactionNotFound;
        }

        var asked = clock.GetTimestamp();
        while (true)
        {
            if (await db.Find<StoredSeal>(Proving, StoredSeal.Over(row.Xid), cancel) is { } seal)
            {
                return await db.Look(Proving, tx => Prove(tx, row, seal), cancel);
            }

            if (clock.GetElapsedTime(asked) >= Patience)
            {
                return Refusals.ReceiptPending;
            }

            await Task.Delay(LookAgain, cancel);
        }
    }

    private async Task<Outcome<Receipt>> Prove(Tx tx, HashedRow row, StoredSeal stored)
    {
        var (owner, seq) = (row.Row.Owner.Value, row.Row.Seq);
        var leaves = await Leaves(tx, stored);
        var chain = (await tx.Find<OwnChain>(OwnChain.Of(owner)))!;
        // By the chain's name, which stays when its owner is erased.
        var newest = leaves.All.FirstOrDefault(leaf => leaf.ChainId == chain.Id);
        Invariant.Holds(newest is not null);
        if (newest.Seq - seq > Receipt.FollowingMax)
        {
            return Refusals.ReceiptTooLong;
        }

        var rows = await tx.All<HashedRow>(HashedRow.Page(owner, seq - 1, (int)(newest.Seq - seq) + 1, []));
        var contents = await PageContents.Load(tx, (owner, seq - 1), (owner, newest.Seq), []);
        var previous = seq == 1 ? Chain.Start : await tx.Value<byte[]>(HashedRow.HashAt(owner, seq - 1));
        Invariant.Holds(previous is not null && rows.Count == newest.Seq - seq + 1);
        await Task.Yield(); // a path is as many hashes again as the seal has leaves
        var (index, path) = leaves.PathOf(chain.Id);
        var content = contents.Of(rows[0]);
        var salt = Salt(chain, seq);
        var receipt = new Receipt(
            Receipt.FormatName,
            ReceiptContent.Row(chain.Id, content),
            salt is null ? null : ReceiptContent.Texts(salt, content),
            Hex.Of(salt is null ? content.TextDigest : TextDigest(content, salt)),
            Hex.Of(previous),
            [.. rows.Skip(1).Select(following => Hex.Of(Digest(contents.Of(following), chain)))],
            index,
            [.. path.Select(hash => Hex.Of(hash))],
            ReceiptSeal.Of(stored)
        );
        var keys = (await tx.All<SealKey>(SealKey.All())).ToDictionary(key => key.Id, key => key.PublicKey, StringComparer.Ordinal);
        Invariant.Holds(VerifyReceipt.Problem(receipt, keys) is null); // books that do not prove what they say are not handed out

        return receipt;
    }

    private async Task<SealLeaves> Leaves(Tx tx, StoredSeal stored)
    {
        var head = Platform.Digest.Of(stored.Head);
        if (!_leaves.TryGet(head, out var leaves))
        {
            leaves = await SealLeaves.Read(tx, stored.Seal.XidFrom, stored.Seal.XidBelow);
            _leaves.Set(head, leaves);
        }

        return leaves;
    }

    private static byte[]? Salt(OwnChain chain, long seq)
    {
        if (chain.Salt is null)
        {
            return null;
        }

        var salt = new byte[ProofBytes.HashLength];
        RowContent.TextSalt(chain.Id, chain.Salt, seq, salt);

        return salt;
    }

    private static byte[] TextDigest(RowContent content, byte[] salt)
    {
        var digest = new byte[ProofBytes.HashLength];
        content.Texts(salt, digest);

        return digest;
    }

    private static byte[] Digest(RowContent content, OwnChain chain)
    {
        var digest = new byte[ProofBytes.HashLength];
        content.Digest(chain.Id, chain.Salt, digest);

        return digest;
    }
}

/// <summary>The content of a row in the words of receipts.</summary>
internal static class ReceiptContent
{
    public static ReceiptRow Row(Guid chainId, RowContent content)
    {
        var row = content.Row;

        return new ReceiptRow(
            chainId,
            row.Seq,
            row.Id,
            row.Type,
            row.Status,
            row.Amount,
            row.BalanceBefore,
            row.BalanceAfter,
            ProofBytes.Micros(row.CreatedAt),
            Micros(row.CompletedAt),
            content.Reverses,
            row.AppId,
            content.Transfers,
            [
                .. content.Lots.Select(lot => new ReceiptLot(
                    lot.Id,
                    lot.Bucket,
                    lot.Priority,
                    Micros(lot.ExpiresAt),
                    ProofBytes.Micros(lot.OpenedAt)
                )),
            ],
            content.Opened is { } hold
                ? new ReceiptHold(
                    hold.Id,
                    hold.Kind,
                    hold.Amount,
                    hold.AppId,
                    ProofBytes.Micros(hold.ExpiresAt),
                    ProofBytes.Micros(hold.CreatedAt)
                )
                : null,
            content.Ended is { } end ? new ReceiptHoldEnd(end.HoldId, end.As) : null
        );
    }

    public static ReceiptTexts Texts(byte[] salt, RowContent content) =>
        new(
            Hex.Of(salt),
            content.Row.Description,
            content.Row.Metadata,
            content.Row.IdempotencyKey,
            content.Row.Fingerprint is { } fingerprint ? Hex.Of(fingerprint) : null,
            content.Row.OrganizationId,
            content.Opened?.Reason
        );

    private static long? Micros(DateTimeOffset? instant) => instant is { } known ? ProofBytes.Micros(known) : null;
}
