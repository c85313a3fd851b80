using Mana.Platform;
using Mana.Platform.Database;
using Mana.Platform.Http;
using Mana.Protocols.Jose;
using Mana.Protocols.Sealing;

namespace Mana.Tokens;

/// <summary>
/// The keys that sign and verify access tokens, in memory. They are read at start, whenever the feed says that one turned, and by whoever
/// cannot trust the feed.
/// </summary>
public sealed class SigningKeys(
    Db db,
    Sealer sealer,
    RotateKeys rotate,
    TokenSettings settings,
    TimeProvider clock,
    ILogger<SigningKeys> logger
) : IFeedReader
{
    private const char Key = 'k';

    /// <summary>How often a token of a key nobody knows may make us look for that key (JWT-16).</summary>
    private static readonly TimeSpan PatienceWithStrangers = TimeSpan.FromSeconds(10);

    /// <summary>Read again after this time by the recurring work, in case nothing can be heard for long.</summary>
    private static readonly TimeSpan AgeMax = TimeSpan.FromMinutes(1);

    private static readonly Scope Reading = Scope.Service("load signing keys");

    private readonly Lock _replacing = new();

    private volatile Loaded? _loaded;

    private volatile bool _isStale;

    private long _begun;

    private long _replacedBy;

    private long _loadedAt;

    private Task<bool>? _search;

    private long _searchedAt;

    /// <summary>True as soon as tokens can be signed and checked.</summary>
    public bool AreLoaded => _loaded is not null;

    /// <summary>The key that signs.</summary>
    public SigningKey Active => Keys.Signer;

    public VerificationKeys Verification => Keys.Verification;

    /// <summary>The published key set, ready to send.</summary>
    public PublishedBytes Jwks => Keys.Jwks;

    private Loaded Keys => _loaded ?? throw new InvalidOperationException("The signing keys are not loaded yet.");

    /// <summary>Reads the keys, making the first one when there is none.</summary>
    /// <exception cref="WrongKekException">The key that signs does not open with the configured key-encryption key.</exception>
    public async Task Load(CancellationToken cancel)
    {
        var begun = Interlocked.Increment(ref _begun);
        var rows = await db.All<KeyRow>(Reading, KeyRow.All(), cancel);
        if (KeyPlan.Find(rows, KeyState.Active) is null)
        {
            await rotate.Run(cancel);
            rows = await db.All<KeyRow>(Reading, KeyRow.All(), cancel);
        }

        Replace(rows, begun);
    }

    /// <summary>The recurring work: turns the keys when something is due, and asks the database for nothing when nothing is.</summary>
    /// <returns>0, because there is never more left to do.</returns>
    public async Task<int> Turn(CancellationToken cancel)
    {
        if (!KeyPlan.Of(Keys.Rows, settings, clock.Now()).IsEmpty)
        {
            await rotate.Run(cancel);
            await Load(cancel);
        }
        else if (clock.GetElapsedTime(Interlocked.Read(ref _loadedAt)) > AgeMax)
        {
            await Load(cancel);
        }

        return 0;
    }

    /// <summary>
    /// Looks whether there are other keys by now, for a token whose key is unknown: it may have been made a moment ago. At most once in ten
    /// seconds, so that made-up key ids cost the database nothing.
    /// </summary>
    /// <returns>True when there are, and the token deserves a second look.</returns>
    public Task<bool> Search()
    {
        lock (_replacing)
        {
            if (_search is { IsCompleted: false } underWay)
            {
                return underWay;
            }

            if (_search is not null && clock.GetElapsedTime(_searchedAt) < PatienceWithStrangers)
            {
                return Task.FromResult(false);
            }

            _searchedAt = clock.GetTimestamp();
            return _search = LoadOthers(); // for everybody who asks meanwhile: none of them may call it off
        }
    }

    public void Apply(string change) => _isStale |= change[0] == Key;

    public async Task Settle(CancellationToken cancel)
    {
        if (_isStale)
        {
            _isStale = false;
            await Load(cancel);
        }
    }

    public Task Recover(CancellationToken cancel) => Load(cancel);

    private async Task<bool> LoadOthers()
    {
        var before = Verification;
        await Load(CancellationToken.None);

        return Verification != before;
    }

    /// <summary>
    /// Of two readings at once the one that began later counts: it saw at least as much. The same keys stay the same objects, because what
    /// was verified before is good only under those.
    /// </summary>
    private void Replace(List<KeyRow> rows, long begun)
    {
        lock (_replacing)
        {
            if (begun < _replacedBy)
            {
                return;
            }

            (_replacedBy, var before) = (begun, _loaded);
            Interlocked.Exchange(ref _loadedAt, clock.GetTimestamp());
            if (before is null || !before.Rows.SequenceEqual(rows))
            {
                _loaded = new Loaded(rows, Signer(rows, before?.Signer));
                KeyLog.Turned(logger, _loaded.Signer.Kid, rows.Count);
            }
        }
    }

    /// <summary>
    /// The active key. Where it was sealed with a key-encryption key this instance does not have yet, it goes on with the one before as long as
    /// that one is accepted: half of a deployment must not stop the other half.
    /// </summary>
    private SigningKey Signer(List<KeyRow> rows, SigningKey? before)
    {
        var active = KeyPlan.Find(rows, KeyState.Active);
        Invariant.Holds(active is not null);
        if (before?.Kid == active.Kid)
        {
            return before;
        }

        return active.Open(sealer)
            ?? (rows.Exists(row => row.Kid == before?.Kid) ? before : null)
            ?? throw new WrongKekException($"signing key {active.Kid}");
    }

    private sealed class Loaded
    {
        public Loaded(List<KeyRow> rows, SigningKey signer)
        {
            var published = rows.Select(row => (row.Kid, row.PublicKey)).ToArray();
            (Rows, Signer) = (rows, signer);
            Verification = new VerificationKeys(published);
            Jwks = new PublishedBytes(Protocols.Jose.Jwks.Write(published));
        }

        public List<KeyRow> Rows { get; }

        public SigningKey Signer { get; }

        public VerificationKeys Verification { get; }

        public PublishedBytes Jwks { get; }
    }
}

internal static partial class KeyLog
{
    [LoggerMessage(EventId = 310, Level = LogLevel.Information, Message = "Signing access tokens with {Kid}; {Keys} keys are accepted")]
    public static partial void Turned(ILogger logger, string kid, int keys);
}
