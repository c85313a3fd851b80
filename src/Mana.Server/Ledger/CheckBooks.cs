using Mana.Ledger.Proofs;
using Mana.Platform.Database;
using Mana.Protocols.Sealing;
using Npgsql;

namespace Mana.Ledger;

/// <summary>One row that contradicts the books.</summary>
/// <param name="Seq">The position in the owner's history, when the contradiction has one.</param>
public sealed record BookFault(string Rule, string Owner, long? Seq, string Detail)
{
    public override string ToString() =>
        Seq is { } seq ? $"{Rule}: owner {Owner}, position {seq}: {Detail}" : $"{Rule}: owner {Owner}: {Detail}";
}

/// <summary>What was looked at and what was wrong.</summary>
public sealed record BookReport(
    long Accounts,
    long Transactions,
    long Transfers,
    decimal Held,
    long Seals,
    IReadOnlyList<BookFault> Faults
);

/// <summary>What somebody kept outside the database.</summary>
/// <param name="Keys">Public keys of seals by their ids; without them those of the database that open with our key-encryption key count.</param>
/// <param name="Heads">Of seals.</param>
public sealed record BookEvidence(IReadOnlyDictionary<string, byte[]>? Keys, IReadOnlyList<KnownHead> Heads)
{
    public static readonly BookEvidence None = new(null, []);
}

/// <summary>
/// Recomputes the books and compares: balances, positions and sums from the transfers alone, the chain of hashes from everything that is
/// hashed, and the seals from the chains. All of it sees one instant, also while the service works.
/// </summary>
/// <param name="sealer">Opens the keys of seals, so that a key somebody put there is found; null takes the database's word for them.</param>
/// <param name="patience">How long rows may wait for their seal; the service needs less than a second.</param>
public sealed class CheckBooks(Db db, Sealer? sealer, TimeSpan patience)
{
    public static readonly TimeSpan SealPatience = TimeSpan.FromSeconds(2);

    /// <summary>It reads every row; a request may not wait this long, an operator may.</summary>
    public static readonly LongLimit Limit = new(Whole: TimeSpan.FromHours(4), Statement: TimeSpan.FromMinutes(10));

    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(100);

    private static readonly Scope Checking = Scope.Service("check the books");

    public Task<BookReport> Run(CancellationToken cancel) => Run(BookEvidence.None, cancel);

    public async Task<BookReport> Run(BookEvidence evidence, CancellationToken cancel)
    {
        var found = new BookFindings();
        var seen = new Seen(null, 0, 0);
        await found.Part("what one instant shows", async () => seen = await db.Look(Checking, tx => Look(tx, found, evidence), cancel));
        await found.Part("what waits for its seal", async () => found.Add(await Waiting(seen.Ended, cancel)));
        var count = seen.Counts ?? new Counts(0, 0, 0, 0, 0, 0);

        return new BookReport(count.Accounts, count.Transactions, count.Transfers, count.Held, seen.Seals, found.Faults);
    }

    private async Task<Seen> Look(Tx tx, BookFindings found, BookEvidence evidence)
    {
        await found.Ask(tx, ReadableRows.OfBooks);
        foreach (var (name, rule) in BookRules.All)
        {
            await found.Ask(tx, name, rule);
        }

        Counts? count = null;
        await found.Part("sums over everybody", async () => found.Add((count = await tx.Find<Counts>(Sums()))!.Faults()));

        var histories = new CheckHistories(tx, found.Unreadable);
        await found.Part("histories", histories.Run, () => histories.Reached);
        found.Add(histories.Faults);
        if (histories.Transfers != count?.Transfers)
        {
            await found.Ask(tx, "transfers belong to no history row", BookRules.Orphans);
        }

        await found.Ask(tx, ReadableRows.OfSeals);
        var keys = evidence.Keys ?? new Dictionary<string, byte[]>(StringComparer.Ordinal);
        await found.Part("keys of seals", async () => keys = evidence.Keys ?? Trusted(await tx.All<SealKey>(SealKey.All())));
        var seals = new CheckSeals(tx, keys);
        await found.Part("seals", () => seals.Run(evidence.Heads));
        found.Add(seals.Faults);

        var bounds = new Bounds(0, long.MaxValue);
        await found.Part("the newest transaction", async () => bounds = (await tx.Find<Bounds>(Bounds.Now()))!);
        await found.Ask(tx, "a row claims a transaction that has not been", () => Bounds.Beyond(bounds.Next));

        return new Seen(count, seals.Number, bounds.Oldest);
    }

    private Dictionary<string, byte[]> Trusted(List<SealKey> keys)
    {
        var trusted = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        foreach (var key in keys)
        {
            using var opened = sealer is null ? null : key.Open(sealer);
            if (sealer is null || opened is not null)
            {
                trusted[key.Id] = key.PublicKey;
            }
        }

        return trusted;
    }

    /// <summary>What is still not sealed when patience is at its end.</summary>
    private async Task<List<BookFault>> Waiting(long ended, CancellationToken cancel)
    {
        var unsealed = await Unsealed(ended, cancel);
        for (var waited = TimeSpan.Zero; unsealed.Count > 0 && waited < patience; waited += LookAgain)
        {
            await Task.Delay(LookAgain, cancel);
            unsealed = await Unsealed(ended, cancel);
        }

        return unsealed;
    }

    /// <summary>Rows that no seal covers although their transaction ended before the look.</summary>
    private async Task<List<BookFault>> Unsealed(long ended, CancellationToken cancel)
    {
        var rows = await db.All<FaultyRow>(
            Checking,
            $"""
            select t.owner_id, t.seq, 'no seal covers it; the service seals what is new when it runs'
            from credits.transactions t
            where t.xid >= (select coalesce(max(s.xid_below), 0) from credits.seals s) and t.xid < {ended}
            order by t.xid, t.seq
            limit {BookRules.FaultsMax}
            """,
            cancel
        );

        return rows.ConvertAll(row => row.Of("a row is not sealed"));
    }

    private static Sql Sums() =>
        $"""
            select
                (select count(*) from credits.accounts),
                (select count(*) from credits.transactions),
                count(*),
                (select coalesce(sum(free) + sum(paid) + sum(held), 0) from credits.accounts),
                coalesce(sum(amount) filter (where from_account not in ('free', 'paid', 'held')), 0),
                coalesce(sum(amount) filter (where to_account not in ('free', 'paid', 'held')), 0)
            from credits.transfers
            """;

    /// <param name="Ended">Whatever has a lower transaction id had ended by then.</param>
    private sealed record Seen(Counts? Counts, long Seals, long Ended);

    /// <summary>Transaction ids: of the oldest transaction that is running, and of the next that will begin.</summary>
    private sealed record Bounds(long Oldest, long Next) : IRow<Bounds>
    {
        public static Bounds Read(NpgsqlDataReader row) => new(row.GetInt64(0), row.GetInt64(1));

        /// <summary>In a cluster nobody registered yet nothing is running that could write to the books.</summary>
        public static Sql Now() =>
            $"""
                select coalesce(pg_snapshot_xmin(pg_current_snapshot())::text::bigint + c.xid_offset, {long.MaxValue}),
                    coalesce(pg_snapshot_xmax(pg_current_snapshot())::text::bigint + c.xid_offset, {long.MaxValue})
                from pg_control_system() s
                left join credits.clusters c on c.system_identifier = s.system_identifier
                """;

        public static Sql Beyond(long next) =>
            $"""
                select t.owner_id, t.seq, 'transaction ' || t.xid
                from credits.transactions t
                where t.xid >= {next}
                order by t.xid, t.seq
                limit {BookRules.FaultsMax}
                """;
    }

    /// <summary>Sums of what somebody wrote there may be more than a number of the books can be.</summary>
    private sealed record Counts(long Accounts, long Transactions, long Transfers, decimal Held, decimal Issued, decimal Received)
        : IRow<Counts>
    {
        public static Counts Read(NpgsqlDataReader row) =>
            new(row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.GetDecimal(3), row.GetDecimal(4), row.GetDecimal(5));

        public BookFault[] Faults() =>
            Held == Issued - Received
                ? []
                :
                [
                    new BookFault(
                        "what is held differs from issued minus received",
                        "everybody",
                        null,
                        $"held {Held}, issued {Issued}, received {Received}"
                    ),
                ];
    }
}
