using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Mana.Platform.Database;
using Npgsql;

namespace Mana.Ledger.Proofs;

/// <summary>
/// A signed root over every history that grew: all rows whose transaction id is at least <paramref name="XidFrom"/> and below
/// <paramref name="XidBelow"/>.
/// </summary>
/// <param name="Rows">How many rows these are.</param>
/// <param name="Leaves">How many histories they belong to.</param>
/// <param name="EntriesHash">Of <see cref="SealLeaves.Entries"/>, which say whose leaf is wrong when the root is.</param>
/// <param name="Previous">The head of the seal before this one.</param>
public sealed record Seal(
    long Number,
    long XidFrom,
    long XidBelow,
    long Rows,
    int Leaves,
    byte[] Root,
    byte[] EntriesHash,
    byte[] Previous,
    DateTimeOffset SealedAt,
    string KeyId
)
{
    private const string Tag = "mana-seal-v1";

    /// <summary>What is signed: a line for each part (docs/reference/proofs.md).</summary>
    public byte[] Text() =>
        Encoding.UTF8.GetBytes(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{Tag}\n{Number}\n{XidFrom}\n{XidBelow}\n{Rows}\n{Leaves}\n{Hex(Root)}\n{Hex(EntriesHash)}\n{Hex(Previous)}\n"
            ) + string.Create(CultureInfo.InvariantCulture, $"{ProofBytes.Micros(SealedAt)}\n{KeyId}")
        );

    /// <summary>The hash by which the next seal, and whoever keeps it elsewhere, knows this one.</summary>
    public byte[] Head() => SHA256.HashData(Text());

    private static string Hex(byte[] bytes) => Convert.ToHexStringLower(bytes);
}

/// <summary>A seal as it is stored.</summary>
public sealed record StoredSeal(Seal Seal, byte[] Entries, byte[] Signature, byte[] Head) : IRow<StoredSeal>
{
    public static StoredSeal Read(NpgsqlDataReader row)
    {
        var entries = row.GetFieldValue<byte[]>(6);

        return new StoredSeal(
            new Seal(
                row.GetInt64(0),
                row.GetInt64(1),
                row.GetInt64(2),
                row.GetInt64(3),
                row.GetInt32(4),
                row.GetFieldValue<byte[]>(5),
                SHA256.HashData(entries),
                row.GetFieldValue<byte[]>(7),
                row.GetFieldValue<DateTimeOffset>(8),
                row.GetString(9)
            ),
            entries,
            row.GetFieldValue<byte[]>(10),
            row.GetFieldValue<byte[]>(11)
        );
    }

    /// <summary>Those behind a number, in their order; one that cannot be read is a gap (<see cref="ReadableRows"/> names it).</summary>
    public static Sql After(long number, int limit) =>
        $"""
            select number, xid_from, xid_below, rows, leaves, root, entries, previous, sealed_at, key_id, signature, head
            from credits.seals
            where number > {number}
                and num_nulls(xid_from, xid_below, rows, leaves, root, entries, previous, sealed_at, key_id, signature, head) = 0
                and sealed_at >= timestamptz '0001-01-01 00:00:00+00' and sealed_at < timestamptz '10000-01-01 00:00:00+00'
            order by number
            limit {limit}
            """;

    /// <summary>The one that covers a transaction id.</summary>
    public static Sql Over(long xid) =>
        $"""
            select number, xid_from, xid_below, rows, leaves, root, entries, previous, sealed_at, key_id, signature, head
            from credits.seals
            where xid_below > {xid}
            order by xid_below
            limit 1
            """;

    public Sql Insert() =>
        $"""
            insert into credits.seals (
                number, xid_from, xid_below, rows, leaves, root, entries, previous, sealed_at, key_id, signature, head)
            values (
                {Seal.Number}, {Seal.XidFrom}, {Seal.XidBelow}, {Seal.Rows}, {Seal.Leaves}, {Seal.Root}, {Entries}, {Seal.Previous},
                {Seal.SealedAt}, {Seal.KeyId}, {Signature}, {Head})
            """;

    /// <summary>The line that is kept outside the database.</summary>
    public string HeadLine() => new KnownHead(Seal.Number, Head).ToString() + $" {Seal.KeyId} {Base64Url.EncodeToString(Signature)}";
}

/// <summary>The head of a seal as somebody outside the database knows it.</summary>
public sealed record KnownHead(long Number, byte[] Head)
{
    private const string Tag = "mana-head-v1";

    /// <summary>From a line of the log, or from its number and hash alone.</summary>
    /// <returns>Null when it is neither.</returns>
    public static KnownHead? Parse(string line)
    {
        var at = line.IndexOf(Tag, StringComparison.Ordinal);
        var words = line[(at < 0 ? 0 : at + Tag.Length)..].Split([' ', ':'], StringSplitOptions.RemoveEmptyEntries);
        if (
            words.Length < 2
            || !long.TryParse(words[0], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            || words[1].Length != ProofBytes.HashLength * 2
            || !words[1].All(char.IsAsciiHexDigit)
        )
        {
            return null;
        }

        return new KnownHead(number, Convert.FromHexString(words[1]));
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Tag} {Number} {Convert.ToHexStringLower(Head)}");
}
