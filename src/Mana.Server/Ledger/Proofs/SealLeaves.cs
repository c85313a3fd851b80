using System.Buffers.Binary;
using Mana.Platform.Database;
using Npgsql;

namespace Mana.Ledger.Proofs;

/// <summary>The newest row of one history within the range of a seal.</summary>
/// <param name="Rows">How many rows of this history the range has.</param>
public sealed record SealLeaf(string Owner, Guid ChainId, long Seq, byte[] Hash, long Rows) : IRow<SealLeaf>
{
    public static SealLeaf Read(NpgsqlDataReader row) =>
        new(row.GetString(0), row.GetGuid(1), row.GetInt64(2), row.GetFieldValue<byte[]>(3), row.GetInt64(4));

    /// <summary>Fenced off: one look-up for each owner is the only plan there is, however large the table has grown.</summary>
    public static Sql Between(long xidFrom, long xidBelow) =>
        $"""
            select newest.owner_id, own.chain_id, newest.seq, newest.hash, newest.rows
            from (
                select distinct on (t.owner_id) t.owner_id, t.seq, t.hash, count(*) over (partition by t.owner_id) as rows
                from credits.transactions t
                where t.xid >= {xidFrom} and t.xid < {xidBelow}
                order by t.owner_id, t.seq desc
            ) newest
            cross join lateral (select a.chain_id from credits.accounts a where a.owner_id = newest.owner_id offset 0) own
            """;
}

/// <summary>The leaves of one seal, in the order of their chains' names.</summary>
public sealed class SealLeaves
{
    /// <summary>Eight bytes of the chain's name, the position, how many rows, and eight bytes of the leaf's hash.</summary>
    public const int EntryLength = 28;

    private const int PartLength = 8;

    private readonly SealLeaf[] _leaves;

    private readonly byte[][] _hashes;

    public SealLeaves(IEnumerable<SealLeaf> leaves)
    {
        _leaves = [.. leaves.OrderBy(leaf => leaf.ChainId, ByBytes.Instance)];
        _hashes = Array.ConvertAll(_leaves, leaf => MerkleTree.Leaf(leaf.ChainId, leaf.Seq, leaf.Hash));
    }

    public static async Task<SealLeaves> Read(Tx tx, long xidFrom, long xidBelow)
    {
        var newest = await tx.All<SealLeaf>(SealLeaf.Between(xidFrom, xidBelow));
        await Task.Yield(); // thousands of hashes do not belong on the thread that hears of sockets (ADR-0019)

        return new SealLeaves(newest);
    }

    public int Count => _leaves.Length;

    public long Rows => _leaves.Sum(leaf => leaf.Rows);

    public IReadOnlyList<SealLeaf> All => _leaves;

    public byte[] Root() => MerkleTree.Root(_hashes);

    /// <returns>Its place and the hashes beside its way to the root.</returns>
    public (int Index, List<byte[]> Path) PathOf(Guid chainId)
    {
        var index = Array.FindIndex(_leaves, leaf => leaf.ChainId == chainId);

        return (index, MerkleTree.Path(_hashes, index));
    }

    /// <summary>Signed with the root: whose leaf is wrong could not be told from the root alone.</summary>
    public byte[] Entries()
    {
        var entries = new byte[_leaves.Length * EntryLength];
        for (var at = 0; at < _leaves.Length; at++)
        {
            Entry(at).CopyTo(entries.AsSpan(at * EntryLength));
        }

        return entries;
    }

    public byte[] Entry(int at)
    {
        var entry = new byte[EntryLength];
        Span<byte> name = stackalloc byte[16];
        _leaves[at].ChainId.TryWriteBytes(name, bigEndian: true, out _);
        name[..PartLength].CopyTo(entry);
        BinaryPrimitives.WriteInt64BigEndian(entry.AsSpan(PartLength), _leaves[at].Seq);
        BinaryPrimitives.WriteInt32BigEndian(entry.AsSpan(2 * PartLength), (int)_leaves[at].Rows);
        _hashes[at].AsSpan(0, PartLength).CopyTo(entry.AsSpan(EntryLength - PartLength));

        return entry;
    }

    private sealed class ByBytes : IComparer<Guid>
    {
        public static readonly ByBytes Instance = new();

        public int Compare(Guid x, Guid y)
        {
            Span<byte> one = stackalloc byte[16];
            Span<byte> other = stackalloc byte[16];
            x.TryWriteBytes(one, bigEndian: true, out _);
            y.TryWriteBytes(other, bigEndian: true, out _);

            return one.SequenceCompareTo(other);
        }
    }
}
