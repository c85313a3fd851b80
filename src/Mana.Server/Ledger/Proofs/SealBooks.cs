using System.Security.Cryptography;
using Mana.Platform;
using Mana.Platform.Database;
using Mana.Platform.Jobs;
using Mana.Protocols.Sodium;
using Npgsql;

namespace Mana.Ledger.Proofs;

/// <summary>
/// Seals what was posted since the last seal (ruling 18d). Rows are taken by their transaction id, and only those below the oldest transaction
/// that is still running, so that nothing can appear later in a range that was sealed. One instance at a time does it. The use of credits is
/// rolled up in the same transaction, and so exactly once.
/// </summary>
public sealed class SealBooks(Db db, SealKeys keys, HeadLog heads, TimeProvider clock)
{
    /// <summary>
    /// A full seal of rows that are read from a cold disk may take longer than a request; given up it would be begun again and again.
    /// </summary>
    private static readonly LongLimit Limit = new(Whole: TimeSpan.FromSeconds(60), Statement: TimeSpan.FromSeconds(55));

    /// <summary>More rows wait for the next seal, which is made at once; so a receipt stays small.</summary>
    public const int RowsMax = 8_192;

    private const long SealingLock = 987_654_327;

    private static readonly Scope Sealing = Scope.Service("seal the books");

    private readonly Db _db = db.Within(Limit);

    /// <returns>A full batch when more is waiting.</returns>
    public async Task<int> Run(CancellationToken cancel)
    {
        var made = await _db.Transact<Made>(Sealing, tx => Run(tx, cancel), cancel);
        if (made.Value.Seal is { } seal)
        {
            await heads.Append(seal);
        }

        return made.Value.IsMoreWaiting ? Recurring.BatchMax : 0;
    }

    /// <summary>
    /// Gives this cluster its offset, if it has none yet, or a higher one, if the books were in another cluster meanwhile: a dump that was
    /// restored goes on above everything it contains.
    /// </summary>
    public Task Register(CancellationToken cancel) => _db.Run(Sealing, Registration(), cancel);

    private async Task<Outcome<Made>> Run(Tx tx, CancellationToken cancel)
    {
        var (locked, standing) = await tx.All<One<bool>, Standing>(
            $"select pg_try_advisory_xact_lock({SealingLock})",
            Standing.Now(RowsMax)
        );
        if (!locked[0].Value || standing.SingleOrDefault() is not { } now || now.First is not { } first || first >= now.Below)
        {
            return Made.Nothing;
        }

        // At least one transaction, however many rows it has.
        var below = now.Cut is { } cut ? Math.Min(now.Below, Math.Max(cut, first + 1)) : now.Below;
        var (keyId, key) = await keys.Signer(cancel);
        var leaves = await SealLeaves.Read(tx, now.SealedBelow, below);
        if (leaves.Count == 0)
        {
            return Made.Nothing; // rows without accounts: the check of the books names them
        }

        var entries = leaves.Entries();
        var seal = new Seal(
            now.Number + 1,
            now.SealedBelow,
            below,
            leaves.Rows,
            leaves.Count,
            leaves.Root(),
            SHA256.HashData(entries),
            now.Head ?? Chain.Start,
            clock.Now(),
            keyId
        );
        var signature = new byte[Ed25519.SignatureLength];
        key.Sign(seal.Text(), signature);
        var stored = new StoredSeal(seal, entries, signature, seal.Head());
        await tx.Run(stored.Insert(), UsageStatistics.RollUp(seal.XidFrom, seal.XidBelow));

        return new Made(stored, below < now.Below);
    }

    /// <summary>
    /// Whatever was posted or sealed here lies below the next transaction id of this cluster; where it does not, it was made elsewhere. Running
    /// instances therefore never see their offset move.
    /// </summary>
    private static Sql Registration() =>
        $"""
            insert into credits.clusters (system_identifier, xid_offset)
            select s.system_identifier,
                greatest(
                    (select coalesce(max(t.xid), 0) from credits.transactions t), (select coalesce(max(l.xid_below), 0) from credits.seals l))
            from pg_control_system() s
            on conflict on constraint clusters_pkey do update
            set xid_offset = excluded.xid_offset
            where clusters.xid_offset + pg_snapshot_xmax(pg_current_snapshot())::text::bigint < excluded.xid_offset
            """;

    private sealed record Made(StoredSeal? Seal, bool IsMoreWaiting)
    {
        public static readonly Made Nothing = new(null, false);
    }

    /// <summary>How far the books are sealed, and how far they could be.</summary>
    /// <param name="Below">The oldest transaction that is still running.</param>
    /// <param name="First">The lowest transaction id that is not sealed.</param>
    /// <param name="Cut">Where a full seal ends.</param>
    private sealed record Standing(long Below, long Number, long SealedBelow, byte[]? Head, long? First, long? Cut) : IRow<Standing>
    {
        public static Standing Read(NpgsqlDataReader row) =>
            new(
                row.GetInt64(0),
                row.GetInt64(1),
                row.GetInt64(2),
                row.IsDBNull(3) ? null : row.GetFieldValue<byte[]>(3),
                row.IsDBNull(4) ? null : row.GetInt64(4),
                row.IsDBNull(5) ? null : row.GetInt64(5)
            );

        // The bound is made apart: under row-level security an index is not asked with an expression that might leak, and COALESCE counts as
        // one. With it the whole history was read, several times a second.
        public static Sql Now(int rowsMax) =>
            $"""
                select pg_snapshot_xmin(pg_current_snapshot())::text::bigint + c.xid_offset, coalesce(l.number, 0), sealed.below, l.head,
                    (select t.xid from credits.transactions t where t.xid >= sealed.below order by t.xid limit 1),
                    (select t.xid from credits.transactions t where t.xid >= sealed.below order by t.xid offset {rowsMax} limit 1)
                from credits.clusters c
                left join lateral (select s.number, s.xid_below, s.head from credits.seals s order by s.number desc limit 1) l on true
                cross join lateral (select coalesce(l.xid_below, 0) as below offset 0) sealed
                where c.system_identifier = (select i.system_identifier from pg_control_system() i)
                """;
    }
}
