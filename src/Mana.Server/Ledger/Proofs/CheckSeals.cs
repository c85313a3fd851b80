using System.Buffers.Binary;
using Mana.Platform.Database;
using Mana.Protocols.Sodium;

namespace Mana.Ledger.Proofs;

/// <summary>
/// Checks that every seal is what its key signed, follows the one before it, and covers exactly the rows that are there. Where it does not,
/// the entries that were signed with it say whose history is another.
/// </summary>
/// <param name="keys">Public keys by their ids.</param>
internal sealed class CheckSeals(Tx tx, IReadOnlyDictionary<string, byte[]> keys)
{
    private const int PageSeals = 64;

    private const int RunRows = SealBooks.RowsMax;

    private const string Forged = "a seal is not what its key signed";

    private const string Broken = "seals do not follow one another";

    private const string Differs = "history differs from its seal";

    private readonly List<BookFault> _faults = [];

    private readonly HashSet<Guid> _named = [];

    private readonly Dictionary<long, byte[]> _heads = [];

    public IReadOnlyList<BookFault> Faults => _faults;

    public long Number { get; private set; }

    private long _sealedBelow;

    private byte[] _head = Chain.Start;

    /// <param name="known">Heads somebody kept elsewhere.</param>
    public async Task Run(IReadOnlyList<KnownHead> known)
    {
        var wanted = known.Select(head => head.Number).ToHashSet();
        while (await tx.All<StoredSeal>(StoredSeal.After(Number, PageSeals)) is { Count: > 0 } page)
        {
            foreach (var seal in page)
            {
                CheckOne(seal);
                if (wanted.Contains(seal.Seal.Number))
                {
                    _heads[seal.Seal.Number] = seal.Head;
                }
            }

            for (var at = 0; at < page.Count; )
            {
                var run = Together(page, at);
                await Compare(run);
                at += run.Count;
            }
        }

        foreach (var head in known)
        {
            Compare(head);
        }
    }

    private void CheckOne(StoredSeal stored)
    {
        var seal = stored.Seal;
        if (seal.Number != Number + 1 || seal.XidFrom != _sealedBelow || !seal.Previous.AsSpan().SequenceEqual(_head))
        {
            Add(Broken, ReadableRows.Seals, seal.Number, $"seal {Number + 1} was expected behind transaction {_sealedBelow}");
        }

        var text = seal.Text();
        if (!keys.TryGetValue(seal.KeyId, out var key) || !Ed25519.Verify(key, text, stored.Signature))
        {
            Add(Forged, ReadableRows.Seals, seal.Number, $"key {seal.KeyId}");
        }
        else if (!seal.Head().AsSpan().SequenceEqual(stored.Head))
        {
            Add(Forged, ReadableRows.Seals, seal.Number, "its head is another");
        }

        (Number, _sealedBelow, _head) = (seal.Number, seal.XidBelow, stored.Head);
    }

    private static List<StoredSeal> Together(List<StoredSeal> page, int from)
    {
        var (to, rows) = (from + 1, page[from].Seal.Rows);
        while (to < page.Count && rows + page[to].Seal.Rows <= RunRows)
        {
            rows += page[to].Seal.Rows;
            to++;
        }

        return page[from..to];
    }

    private async Task Compare(List<StoredSeal> run)
    {
        var rows = await tx.All<SealedRow>(SealedRow.Between(run.Min(seal => seal.Seal.XidFrom), run.Max(seal => seal.Seal.XidBelow)));
        foreach (var stored in run)
        {
            var seal = stored.Seal;
            var leaves = new SealLeaves(
                rows.Where(row => row.Xid >= seal.XidFrom && row.Xid < seal.XidBelow)
                    .GroupBy(row => row.ChainId)
                    .Select(own => (Newest: own.MaxBy(row => row.Seq)!, Rows: own.LongCount()))
                    .Select(own => new SealLeaf(own.Newest.Owner, own.Newest.ChainId, own.Newest.Seq, own.Newest.Hash, own.Rows))
            );
            if (leaves.Count != seal.Leaves || leaves.Rows != seal.Rows || !leaves.Root().AsSpan().SequenceEqual(seal.Root))
            {
                await Name(stored, leaves);
            }
        }
    }

    /// <summary>Whose history is another than the one that was sealed.</summary>
    private async Task Name(StoredSeal stored, SealLeaves leaves)
    {
        var before = _faults.Count;
        var seal = stored.Seal;
        var signed = Signed(stored.Entries);
        for (var at = 0; at < leaves.Count; at++)
        {
            var (leaf, entry) = (leaves.All[at], leaves.Entry(at));
            signed.Remove(Name(entry), out var was);
            if (was is null || !was.AsSpan().SequenceEqual(entry))
            {
                var least = await tx.Value<long>(
                    $"select coalesce(max(seq), 0) from credits.transactions where owner_id = {leaf.Owner} and xid < {seal.XidFrom}"
                );
                var seq = Math.Min(least, was is null ? long.MaxValue : Seq(was)) + 1;
                AddOnce(
                    leaf.ChainId,
                    leaf.Owner,
                    Math.Min(seq, leaf.Seq),
                    $"its end at position {leaf.Seq} is not what seal {seal.Number} covers"
                );
            }
        }

        foreach (var (name, entry) in signed)
        {
            var owner = await tx.Find<One<string>>(
                $"select owner_id from credits.accounts where substring(uuid_send(chain_id) for 8) = {Convert.FromHexString(name)}"
            );
            Add(Differs, owner?.Value ?? $"of chain {name}…", Seq(entry), $"seal {seal.Number} covers it, and it is gone");
        }

        if (_faults.Count == before && _named.Count == 0)
        {
            Add(Differs, ReadableRows.Seals, seal.Number, "it covers other rows");
        }
    }

    private void Compare(KnownHead known)
    {
        if (!_heads.TryGetValue(known.Number, out var head))
        {
            Add("the end was cut off", ReadableRows.Seals, known.Number, $"the last seal is {Number}; the head of a later one is known");
        }
        else if (!head.AsSpan().SequenceEqual(known.Head))
        {
            Add("a seal was exchanged", ReadableRows.Seals, known.Number, "its head is not the one that is known");
        }
    }

    private static Dictionary<string, byte[]> Signed(byte[] entries) =>
        entries
            .Chunk(SealLeaves.EntryLength)
            .Where(entry => entry.Length == SealLeaves.EntryLength)
            .DistinctBy(Name, StringComparer.Ordinal)
            .ToDictionary(Name, StringComparer.Ordinal);

    private static string Name(byte[] entry) => Convert.ToHexStringLower(entry.AsSpan(0, sizeof(long)));

    private static long Seq(byte[] entry) => BinaryPrimitives.ReadInt64BigEndian(entry.AsSpan(sizeof(long)));

    /// <summary>A history that was changed differs in every later seal as well.</summary>
    private void AddOnce(Guid chain, string owner, long seq, string detail)
    {
        if (_named.Add(chain))
        {
            Add(Differs, owner, seq, detail);
        }
    }

    private void Add(string rule, string owner, long seq, string detail)
    {
        if (_faults.Count < BookRules.FaultsMax)
        {
            _faults.Add(new BookFault(rule, owner, seq, detail));
        }
    }
}

/// <summary>A row as seals see it.</summary>
internal sealed record SealedRow(string Owner, Guid ChainId, long Seq, byte[] Hash, long Xid) : IRow<SealedRow>
{
    public static SealedRow Read(Npgsql.NpgsqlDataReader row) =>
        new(row.GetString(0), row.GetGuid(1), row.GetInt64(2), row.GetFieldValue<byte[]>(3), row.GetInt64(4));

    public static Sql Between(long xidFrom, long xidBelow) =>
        $"""
            select t.owner_id, a.chain_id, t.seq, t.hash, t.xid
            from credits.transactions t
            join credits.accounts a on a.owner_id = t.owner_id
            where t.xid >= {xidFrom} and t.xid < {xidBelow} and num_nulls(t.seq, t.hash, a.chain_id) = 0
            """;
}
