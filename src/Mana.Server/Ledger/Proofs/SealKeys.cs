using System.Security.Cryptography;
using Mana.Platform;
using Mana.Platform.Database;
using Mana.Protocols.Sealing;
using Mana.Protocols.Sodium;
using Npgsql;

namespace Mana.Ledger.Proofs;

/// <summary>A key pair that signs seals, its private half sealed for this row. No row is ever taken away.</summary>
public sealed record SealKey(string Id, byte[] PublicKey, string SealedSeed) : IRow<SealKey>
{
    public static SealKey Read(NpgsqlDataReader row) => new(row.GetString(0), row.GetFieldValue<byte[]>(1), row.GetString(2));

    /// <summary>The newest first; that one signs.</summary>
    public static Sql All() => $"select id, public_key, private_key from credits.seal_keys order by created_at desc, id";

    /// <summary>Null when the key-encryption key it was sealed with is not here, or the halves do not belong together.</summary>
    public Ed25519Key? Open(Sealer sealer)
    {
        if (sealer.Open(SealedSeed, Context(Id)) is not { Length: Ed25519.SeedLength } seed)
        {
            return null;
        }

        var key = Ed25519Key.FromSeed(seed);
        CryptographicOperations.ZeroMemory(seed);
        if (key.PublicKey.Span.SequenceEqual(PublicKey))
        {
            return key;
        }

        key.Dispose();
        return null;
    }

    internal static SealContext Context(string id) => new("seal-private", "credits.seal_keys.private_key", id);
}

/// <summary>The keys that sign seals; the newest one does.</summary>
public sealed class SealKeys(Db db, Sealer sealer, TimeProvider clock)
{
    private const long MakingLock = 987_654_328;

    private static readonly Scope Reading = Scope.Service("read the keys that sign seals");

    private (string Id, Ed25519Key Key)? _loaded;

    /// <summary>All that ever signed, as they are published.</summary>
    public Task<List<SealKey>> All(CancellationToken cancel) => db.All<SealKey>(Reading, SealKey.All(), cancel);

    /// <summary>The key that signs now, made when there is none.</summary>
    /// <exception cref="WrongKekException">It does not open with the configured key-encryption key.</exception>
    public async Task<(string Id, Ed25519Key Key)> Signer(CancellationToken cancel)
    {
        var newest = (await All(cancel)).FirstOrDefault() ?? await MakeFirst(cancel);
        if (_loaded is { } loaded && loaded.Id == newest.Id)
        {
            return loaded;
        }

        var signer = (newest.Id, newest.Open(sealer) ?? throw new WrongKekException($"seal key {newest.Id}"));
        _loaded = signer;

        return signer;
    }

    private async Task<SealKey> MakeFirst(CancellationToken cancel) =>
        (
            await db.Transact<SealKey>(
                Reading,
                async tx =>
                {
                    await tx.Run($"select pg_advisory_xact_lock({MakingLock})");

                    return await tx.Find<SealKey>(SealKey.All()) ?? await Insert(tx);
                },
                cancel
            )
        ).Value;

    private async Task<SealKey> Insert(Tx tx)
    {
        var id = Ids.Text();
        var seed = Ed25519Key.NewSeed();
        using var key = Ed25519Key.FromSeed(seed);
        var made = new SealKey(id, key.PublicKey.ToArray(), sealer.Seal(seed, SealKey.Context(id)));
        CryptographicOperations.ZeroMemory(seed);
        await tx.Run(
            $"""
            insert into credits.seal_keys (id, public_key, private_key, created_at)
            values ({made.Id}, {made.PublicKey}, {made.SealedSeed}, {clock.Now()})
            """
        );

        return made;
    }
}
