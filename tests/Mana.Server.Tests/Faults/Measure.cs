using System.Globalization;

namespace Mana.Specs.Faults;

/// <summary>How much of a fault is tried: the full measure in <c>./mana faults</c>, a small one among all the other specs.</summary>
internal static class Measure
{
    private static readonly string? Given = Environment.GetEnvironmentVariable("MANA_FAULT_ROUNDS");

    public static readonly bool IsFull = Given is not null;

    /// <summary>What chance is played with; <c>MANA_FAULT_SEED</c> plays a run again.</summary>
    public static readonly int Seed = int.Parse(
        Environment.GetEnvironmentVariable("MANA_FAULT_SEED") ?? Random.Shared.Next().ToString(CultureInfo.InvariantCulture),
        CultureInfo.InvariantCulture
    );

    public static int Rounds(int small) => Given is null ? small : int.Parse(Given, CultureInfo.InvariantCulture);

    /// <summary>Figures that <c>./mana faults</c> prints.</summary>
    public static void Tell(FormattableString figures) =>
        TestContext.Current.TestOutputHelper!.WriteLine(figures.ToString(CultureInfo.InvariantCulture));
}
