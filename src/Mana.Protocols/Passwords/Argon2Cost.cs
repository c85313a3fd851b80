namespace Mana.Protocols.Passwords;

/// <summary>What a new hash costs; the default is OWASP's 19 MiB in two passes, one lane.</summary>
/// <exception cref="ArgumentOutOfRangeException">Outside the bounds that stored hashes are also held to.</exception>
public sealed record Argon2Cost(int MemoryKib = 19456, int Passes = 2)
{
    /// <summary>1 GiB: a hash asking for more is an attack on memory, not a password hash.</summary>
    public const int MaxMemoryKib = 1024 * 1024;
    public const int MaxPasses = 10;

    public int MemoryKib { get; init; } = Bounded(MemoryKib, Sodium.Argon2id.MinimumMemoryKib, MaxMemoryKib, nameof(MemoryKib));

    public int Passes { get; init; } = Bounded(Passes, 1, MaxPasses, nameof(Passes));

    private static int Bounded(int value, int least, int most, string name) =>
        value >= least && value <= most ? value : throw new ArgumentOutOfRangeException(name, value, $"Between {least} and {most}.");
}
