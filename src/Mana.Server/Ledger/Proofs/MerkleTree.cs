using System.Numerics;
using System.Security.Cryptography;

namespace Mana.Ledger.Proofs;

/// <summary>The hash tree of RFC 6962, section 2.1, over leaves in the order of their chains.</summary>
public static class MerkleTree
{
    private const byte LeafPrefix = 0;

    private const byte NodePrefix = 1;

    /// <summary>The leaf of a chain that has grown to this position.</summary>
    public static byte[] Leaf(Guid chainId, long seq, ReadOnlySpan<byte> hash32)
    {
        using var bytes = new ProofBytes(stackalloc byte[64]);
        bytes.Raw([LeafPrefix]);
        bytes.Uuid(chainId);
        bytes.Number(seq);
        bytes.Raw(hash32);
        var leaf = new byte[ProofBytes.HashLength];
        bytes.Hash(leaf);

        return leaf;
    }

    public static byte[] Root(ReadOnlySpan<byte[]> leaves)
    {
        if (leaves.Length <= 1)
        {
            return leaves.Length == 1 ? leaves[0] : SHA256.HashData([]);
        }

        var left = Split(leaves.Length);

        return Node(Root(leaves[..left]), Root(leaves[left..]));
    }

    /// <summary>The hashes beside the way from a leaf to the root, from below.</summary>
    public static List<byte[]> Path(ReadOnlySpan<byte[]> leaves, int index)
    {
        if (leaves.Length <= 1)
        {
            return [];
        }

        var left = Split(leaves.Length);
        var path = index < left ? Path(leaves[..left], index) : Path(leaves[left..], index - left);
        path.Add(index < left ? Root(leaves[left..]) : Root(leaves[..left]));

        return path;
    }

    /// <summary>The root a leaf and its path lead to; null when the path does not fit a tree of this many leaves (RFC 9162, 2.1.3.2).</summary>
    public static byte[]? RootOf(byte[] leaf, long index, long count, IReadOnlyList<byte[]> path)
    {
        if (index < 0 || index >= count)
        {
            return null;
        }

        var (at, last, hash) = (index, count - 1, leaf);
        foreach (var beside in path)
        {
            if (last == 0)
            {
                return null;
            }

            if (at % 2 == 1 || at == last)
            {
                hash = Node(beside, hash);
                while (at % 2 == 0 && at != 0)
                {
                    (at, last) = (at / 2, last / 2);
                }
            }
            else
            {
                hash = Node(hash, beside);
            }

            (at, last) = (at / 2, last / 2);
        }

        return last == 0 ? hash : null;
    }

    private static int Split(int count) => (int)(BitOperations.RoundUpToPowerOf2((uint)count) / 2);

    private static byte[] Node(byte[] left, byte[] right)
    {
        using var bytes = new ProofBytes(stackalloc byte[72]);
        bytes.Raw([NodePrefix]);
        bytes.Raw(left);
        bytes.Raw(right);
        var node = new byte[ProofBytes.HashLength];
        bytes.Hash(node);

        return node;
    }
}
