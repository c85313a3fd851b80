using System.Text;
using System.Text.Json;
using Mana.Platform;
using Mana.Platform.Database;
using Mana.Protocols.Jose;
using Mana.Protocols.Sealing;
using Mana.Protocols.Sodium;
using Npgsql;

namespace Mana.Tokens;

/// <summary>
/// The keys that sign access tokens: stored in <c>auth.jwks</c> with their private half sealed, kept in memory while the service runs.
/// </summary>
public sealed class SigningKeys(Db db, Sealer sealer, TimeProvider clock)
{
    /// <summary>One instance makes the first key, all others wait for it and read it (F-20).</summary>
    private const long CreationLock = 987_654_323;

    private static readonly Scope Reading = Scope.Service("load signing keys");

    private static readonly Scope Creating = Scope.Service("create the first signing key");

    private readonly Lock _replacing = new();

    private volatile Loaded? _loaded;

    private long _begun;

    private long _replacedBy;

    /// <summary>True as soon as tokens can be signed and checked.</summary>
    public bool AreLoaded => _loaded is not null;

    public SigningKey Active => Keys.Active;

    public VerificationKeys Verification => Keys.Verification;

    /// <summary>The published key set, ready to send.</summary>
    public byte[] Jwks => Keys.Jwks;

    private Loaded Keys => _loaded ?? throw new InvalidOperationException("The signing keys are not loaded yet.");

    /// <summary>Reads the keys, making the first one when there is none.</summary>
    /// <exception cref="WrongKekException">A stored key does not open with the configured key-encryption key.</exception>
    public async Task Load(CancellationToken cancel)
    {
        var begun = Interlocked.Increment(ref _begun);
        var rows = await All(cancel);
        if (rows.Count == 0)
        {
            await Create(cancel);
            rows = await All(cancel);
        }

        Invariant.Holds(rows.Count > 0);
        Replace(rows, begun);
    }

    /// <summary>
    /// Of two readings at once the one that began later counts: it saw at least as much. The same keys stay the same objects, because what
    /// was verified before is good only under those.
    /// </summary>
    private void Replace(List<Row> rows, long begun)
    {
        lock (_replacing)
        {
            if (begun < _replacedBy)
            {
                return;
            }

            _replacedBy = begun;
            if (_loaded is null || !_loaded.Rows.SequenceEqual(rows))
            {
                _loaded = new Loaded(rows, Open(rows[0]));
            }
        }
    }

    private Task<List<Row>> All(CancellationToken cancel) =>
        db.All<Row>(Reading, $"select id, public_key, private_key from auth.jwks order by created_at desc, id desc", cancel);

    private Task<Outcome<Done>> Create(CancellationToken cancel) =>
        db.Transact<Done>(
            Creating,
            async tx =>
            {
                await tx.Run($"select pg_advisory_xact_lock({CreationLock})");
                if (await tx.Value<string>($"select id from auth.jwks limit 1") is not null)
                {
                    return Done.Yes;
                }

                var kid = Ids.Text();
                var seed = Ed25519Key.NewSeed();
                using var key = Ed25519Key.FromSeed(seed);
                var publicKey = JsonSerializer.Serialize(
                    new
                    {
                        kty = "OKP",
                        crv = "Ed25519",
                        x = System.Buffers.Text.Base64Url.EncodeToString(key.PublicKey.Span),
                    }
                );
                await tx.Run(
                    $"""
                    insert into auth.jwks (id, public_key, private_key, created_at)
                    values ({kid}, {publicKey}, {sealer.Seal(seed, Context(kid))}, {clock.Now()})
                    """
                );
                return Done.Yes;
            },
            cancel
        );

    private SigningKey Open(Row row)
    {
        var seed = sealer.Open(row.SealedSeed, Context(row.Kid)) ?? throw new WrongKekException($"signing key {row.Kid}");

        return new SigningKey(row.Kid, Ed25519Key.FromSeed(seed));
    }

    private static SealContext Context(string kid) => new("jwk-private", "auth.jwks.private_key", kid);

    private sealed record Row(string Kid, string Jwk, string SealedSeed) : IRow<Row>
    {
        public ReadOnlyMemory<byte> PublicKey()
        {
            using var jwk = JsonDocument.Parse(Jwk);
            var x = jwk.RootElement.GetProperty("x").GetString()!;

            return System.Buffers.Text.Base64Url.DecodeFromUtf8(Encoding.ASCII.GetBytes(x));
        }

        public static Row Read(NpgsqlDataReader row) => new(row.GetString(0), row.GetString(1), row.GetString(2));
    }

    private sealed class Loaded
    {
        public Loaded(List<Row> rows, SigningKey active)
        {
            var published = rows.Select(row => (row.Kid, row.PublicKey())).ToArray();
            (Rows, Active) = (rows, active);
            Verification = new VerificationKeys(published);
            Jwks = Protocols.Jose.Jwks.Write(published);
        }

        public List<Row> Rows { get; }

        public SigningKey Active { get; }

        public VerificationKeys Verification { get; }

        public byte[] Jwks { get; }
    }
}
