using System.Globalization;

namespace Mana.Build.Benchmarks;

/// <summary>A database whose owners have spent that many times each.</summary>
internal sealed record Growth(Contender Contender, string Database, int DebitsEach)
{
    public const int Owners = 100_000;

    /// <summary>Debits of the one person whose history is read from its middle.</summary>
    public const int DeepDebits = 100_000;

    private const int Few = 1;
    private const int Many = 100;
    private const int Most = 300;

    public static readonly IReadOnlyList<Growth> All =
    [
        new(Contender.ManaSmall, "mana_small", Few),
        new(Contender.ManaLarge, "mana_large", Many),
        new(Contender.ManaHuge, "mana_huge", Most),
    ];

    public string Debits => (Owners * (long)DebitsEach).ToString("N0", CultureInfo.InvariantCulture);
}
