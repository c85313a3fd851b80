using Mana.Platform.Database;
using Npgsql;

namespace Mana.Ledger.Proofs;

/// <summary>
/// Computes every hash anew, row by row in pages, and compares it with the one that is stored; the newest one with the owner's row. The
/// first row of an owner that differs is the one that was changed, or stands where one was taken away.
/// </summary>
internal sealed class CheckChains(Tx tx)
{
    private const int PageRows = 4_000;

    private const string Rule = "a row differs from its hash";

    private readonly List<BookFault> _faults = [];

    /// <summary>Where the walk stands: whose history, behind which position, and what the next row has to follow.</summary>
    private (string Owner, long Seq) _place = ("", 0);

    private byte[] _previous = Chain.Start;

    private OwnChain? _current;

    public async Task<IReadOnlyList<BookFault>> Run()
    {
        while (await Page())
        {
            // Everything happens there.
        }

        return _faults;
    }

    private async Task<bool> Page()
    {
        var rows = await tx.All<HashedRow>(HashedRow.Page(_place.Owner, _place.Seq, PageRows));
        if (rows.Count > 0)
        {
            Check(rows, await PageContents.Load(tx, _place, (rows[^1].Row.Owner.Value, rows[^1].Row.Seq)));
        }

        if (rows.Count < PageRows)
        {
            End();
        }

        return rows.Count == PageRows;
    }

    private void Check(List<HashedRow> rows, PageContents page)
    {
        foreach (var row in rows)
        {
            if (row.Row.Owner.Value != _place.Owner)
            {
                End();
                _current = page.ChainOf(row.Row.Owner.Value);
                _previous = Chain.Start;
            }

            Check(row, page);
            _place = (row.Row.Owner.Value, row.Row.Seq);
        }
    }

    private void Check(HashedRow row, PageContents page)
    {
        if (_current is null)
        {
            return; // a history without an account is another rule's
        }

        var (owner, seq) = (row.Row.Owner.Value, row.Row.Seq);
        var content = page.Of(row);
        if (_current.Salt is null ? row.TextDigest is null || content.HasTexts : row.TextDigest is not null)
        {
            Add(owner, seq, _current.Salt is null ? "its texts were erased, and are there" : "its texts are there, and marked as erased");
        }

        Span<byte> digest = stackalloc byte[ProofBytes.HashLength];
        Span<byte> hash = stackalloc byte[ProofBytes.HashLength];
        content.Digest(_current.Id, _current.Salt, digest);
        Chain.Link(_previous, digest, hash);
        if (!hash.SequenceEqual(row.Hash))
        {
            Add(owner, seq, "it was changed, or what stood before it");
        }

        _previous = row.Hash; // one fault does not make every later row one
    }

    /// <summary>The owner's row has to know the newest hash.</summary>
    private void End()
    {
        if (_current is { } ended && !ended.Tail.AsSpan().SequenceEqual(_previous))
        {
            Add(ended.Owner, ended.Version, "the newest row is not the one the account knows");
        }
    }

    private void Add(string owner, long seq, string detail)
    {
        if (_faults.Count < BookRules.FaultsMax)
        {
            _faults.Add(new BookFault(Rule, owner, seq, detail));
        }
    }
}

/// <summary>A history row with its hash.</summary>
internal sealed record HashedRow(LedgerTransaction Row, long? Reverses, byte[] Hash, byte[]? TextDigest, long Xid) : IRow<HashedRow>
{
    public static HashedRow Read(NpgsqlDataReader row) =>
        new(
            LedgerTransaction.Read(row),
            row.IsDBNull(16) ? null : row.GetInt64(16),
            row.GetFieldValue<byte[]>(17),
            row.IsDBNull(18) ? null : row.GetFieldValue<byte[]>(18),
            row.GetInt64(19)
        );

    public static Sql Page(string owner, long seq, int rows) =>
        $"""
            select owner_id, seq, id, type::text, status::text, amount, balance_before, balance_after, app_id, description,
                organization_id, metadata::text, idempotency_key, fingerprint, created_at, completed_at, reverses, hash, text_digest, xid
            from credits.transactions
            where (owner_id, seq) > ({owner}, {seq})
            order by owner_id, seq
            limit {rows}
            """;

    public static Sql HashAt(string owner, long seq) => $"select hash from credits.transactions where owner_id = {owner} and seq = {seq}";

    public static Sql Of(string owner, Guid id) =>
        $"""
            select owner_id, seq, id, type::text, status::text, amount, balance_before, balance_after, app_id, description,
                organization_id, metadata::text, idempotency_key, fingerprint, created_at, completed_at, reverses, hash, text_digest, xid
            from credits.transactions
            where owner_id = {owner} and id = {id}
            """;
}
