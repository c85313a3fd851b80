namespace Mana.Build.Postgres;

/// <summary>What a cluster is for; each purpose has one per checkout.</summary>
/// <param name="Name">Also the name of its folder.</param>
/// <param name="IsDurable">Whether a commit survives a power failure, and whether its data is worth keeping.</param>
/// <param name="Settings">Settings of the server beside those every cluster has.</param>
/// <param name="Wishes">Settings used where this build of PostgreSQL knows them.</param>
internal sealed record Purpose(string Name, bool IsDurable, IReadOnlyList<string> Settings, IReadOnlyList<string> Wishes)
{
    public static readonly Purpose Dev = new("dev", IsDurable: true, [], []);

    /// <summary>Gone when it breaks; it pays for no durability, which halves the time of the specs.</summary>
    public static readonly Purpose Test = new(
        "test",
        IsDurable: false,
        ["fsync=off", "synchronous_commit=off", "full_page_writes=off", "shared_buffers=256MB", "max_wal_size=2GB"],
        []
    );

    /// <summary>The fault specs ask what survives, so here a commit is a commit.</summary>
    public static readonly Purpose Faults = new("faults", IsDurable: true, ["shared_buffers=256MB"], []);

    public static readonly Purpose Bench = new(
        "bench",
        IsDurable: true,
        ["shared_buffers=1GB", "max_wal_size=4GB", "checkpoint_timeout=15min", "effective_io_concurrency=64", "max_connections=300"],
        ["wal_compression=lz4"]
    );

    /// <summary>Only a developer's data is precious: the others are made again when they cannot be started.</summary>
    public bool IsPrecious => this == Dev;
}
