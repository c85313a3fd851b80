using System.Security.Cryptography;
using Mana.Platform;

namespace Mana.Ledger.Proofs;

/// <summary>
/// The chain of hashes an owner's history is linked by, as it stands at the owner's row: so far it goes up to <paramref name="Tail"/>.
/// </summary>
/// <param name="Id">The random name it has in hashes; nothing else leads from it to the owner.</param>
/// <param name="Salt">Keeps texts from being guessed; null when they were erased.</param>
public sealed record Chain(Guid Id, byte[]? Salt, byte[] Tail)
{
    public const int SaltLength = 16;

    private static ReadOnlySpan<byte> RowTag => "mana-row-v1"u8;

    /// <summary>What the first row follows.</summary>
    public static readonly byte[] Start = new byte[ProofBytes.HashLength];

    public static Chain New() => new(Ids.Random(), RandomNumberGenerator.GetBytes(SaltLength), Start);

    /// <summary>The hash of a row from the one before it and its own content.</summary>
    public static void Link(ReadOnlySpan<byte> previous32, ReadOnlySpan<byte> content32, Span<byte> hash32)
    {
        using var bytes = new ProofBytes(stackalloc byte[96]);
        bytes.Raw(RowTag);
        bytes.Raw(previous32);
        bytes.Raw(content32);
        bytes.Hash(hash32);
    }

    /// <summary>The hashes of movements of any owners, each owner's in their order.</summary>
    public static byte[][] Link(IReadOnlyList<Posting> postings, LedgerTransaction[] rows)
    {
        var hashes = new byte[postings.Count][];
        var tails = new Dictionary<OwnerId, byte[]>(postings.Count);
        Span<byte> digest = stackalloc byte[ProofBytes.HashLength];
        for (var at = 0; at < hashes.Length; at++)
        {
            var (posting, row) = (postings[at], rows[at]);
            var chain = posting.Before.Chain;
            Invariant.Holds(chain.Salt is not null); // nobody writes to the books of somebody who was erased
            RowContent.Of(posting, row).Digest(chain.Id, chain.Salt, digest);
            hashes[at] = new byte[ProofBytes.HashLength];
            Link(tails.GetValueOrDefault(row.Owner) ?? chain.Tail, digest, hashes[at]);
            tails[row.Owner] = hashes[at];
        }

        return hashes;
    }
}
