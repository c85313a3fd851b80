using Mana.Platform.Database;

namespace Mana.Ledger.Proofs;

/// <summary>
/// Walks along every history, row by row in pages: positions without gaps, before and after, each row against its transfers, and every hash
/// computed anew. The first row of an owner that differs is the one that was changed, or stands where one was taken away. While a page is
/// computed the next one is read.
/// </summary>
/// <param name="without">Owners whose rows cannot be read, and were named for it.</param>
internal sealed class CheckHistories(Tx tx, string[] without)
{
    private const int PageRows = 4_000;

    private const string Positions = "positions have a gap, or differ from the account's version";

    private const string Sums = "before and after do not chain";

    private const string Rows = "a history row differs from its transfers";

    private const string Hashes = "a row differs from its hash";

    private readonly List<BookFault> _faults = [];

    private string _owner = "";

    private OwnChain? _chain;

    /// <summary>Of the row before: position, what its owner could spend, and its hash.</summary>
    private (long Seq, long After, byte[] Hash) _last = (0, 0, Chain.Start);

    private long _count;

    /// <summary>Transfers that belong to a row.</summary>
    public long Transfers { get; private set; }

    public IReadOnlyList<BookFault> Faults => _faults;

    public string Reached => $" behind owner {_owner}, position {_last.Seq}";

    public async Task Run()
    {
        var page = await Read("", 0);
        while (page.Rows.Count > 0)
        {
            var last = page.Rows[^1].Row;
            var next = Read(last.Owner.Value, last.Seq);
            try
            {
                Check(page);
            }
            finally
            {
                await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // whoever asks next asks on the same connection
            }

            page = await next;
        }

        End();
    }

    private async Task<(List<HashedRow> Rows, PageContents Contents)> Read(string owner, long seq)
    {
        var rows = await tx.All<HashedRow>(HashedRow.Page(owner, seq, PageRows, without));
        var to = rows.Count == 0 ? (owner, seq) : (rows[^1].Row.Owner.Value, rows[^1].Row.Seq);

        return (rows, await PageContents.Load(tx, (owner, seq), to, without));
    }

    private void Check((List<HashedRow> Rows, PageContents Contents) page)
    {
        foreach (var row in page.Rows)
        {
            if (row.Row.Owner.Value != _owner)
            {
                End();
                _owner = row.Row.Owner.Value;
                _chain = page.Contents.ChainOf(_owner);
                (_last, _count) = ((0, 0, Chain.Start), 0);
            }

            var content = page.Contents.Of(row);
            CheckSums(content);
            CheckHash(row, content);
            _last = (row.Row.Seq, row.Row.BalanceAfter, row.Hash); // one fault does not make every later row one
            _count++;
            Transfers += content.Transfers.Count;
        }
    }

    private void CheckSums(RowContent content)
    {
        var row = content.Row;
        if (row.Seq != _last.Seq + 1)
        {
            Add(Positions, row.Seq, $"position {_last.Seq + 1} was expected");
        }

        if (row.BalanceBefore != _last.After)
        {
            Add(Sums, row.Seq, $"before is {row.BalanceBefore}, the row before ends with {_last.After}");
        }

        var moved = 0L;
        for (var at = 0; at < content.Transfers.Count; at++)
        {
            var transfer = content.Transfers[at];
            moved += transfer.To is Accounts.Free or Accounts.Paid ? transfer.Amount : 0;
            moved -= transfer.From is Accounts.Free or Accounts.Paid ? transfer.Amount : 0;
        }

        if (moved != row.Amount || content.Transfers.Count == 0)
        {
            Add(Rows, row.Seq, $"amount is {row.Amount}, its transfers make {(content.Transfers.Count == 0 ? "nothing" : $"{moved}")}");
        }
    }

    private void CheckHash(HashedRow row, RowContent content)
    {
        if (_chain is null)
        {
            return; // a history without an account is another rule's
        }

        if (_chain.Salt is null ? row.TextDigest is null || content.HasTexts : row.TextDigest is not null)
        {
            Add(
                Hashes,
                row.Row.Seq,
                _chain.Salt is null ? "its texts were erased, and are there" : "its texts are there, and marked as erased"
            );
        }

        Span<byte> digest = stackalloc byte[ProofBytes.HashLength];
        Span<byte> hash = stackalloc byte[ProofBytes.HashLength];
        content.Digest(_chain.Id, _chain.Salt, digest);
        Chain.Link(_last.Hash, digest, hash);
        if (!hash.SequenceEqual(row.Hash))
        {
            Add(Hashes, row.Row.Seq, "it was changed, or what stood before it");
        }
    }

    /// <summary>The owner's row has to know how the history ended.</summary>
    private void End()
    {
        if (_chain is not { } ended)
        {
            return;
        }

        if (ended.Version != _count)
        {
            Add(Positions, ended.Version, $"version is {ended.Version}, there are {_count} movements");
        }

        if (ended.Available != _last.After)
        {
            Add(Sums, _last.Seq, $"after is {_last.After}, the account has {ended.Available}");
        }

        if (!ended.Tail.AsSpan().SequenceEqual(_last.Hash))
        {
            Add(Hashes, ended.Version, "the newest row is not the one the account knows");
        }
    }

    private void Add(string rule, long seq, string detail)
    {
        if (_faults.Count < BookRules.FaultsMax)
        {
            _faults.Add(new BookFault(rule, _owner, seq, detail));
        }
    }
}
