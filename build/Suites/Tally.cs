namespace Mana.Build.Suites;

/// <summary>How many tests ended how; the sum of all suites is the closing line.</summary>
internal readonly record struct Tally(int Passed, int Failed, int Skipped)
{
    public static readonly Tally None = new(0, 0, 0);

    /// <summary>Something that had to work and did not, though no test reported it.</summary>
    public static readonly Tally OneFailure = new(0, 1, 0);

    public static readonly Tally OneSuccess = new(1, 0, 0);

    public bool IsGreen => Failed == 0 && Passed > 0;

    public static Tally operator +(Tally left, Tally right) =>
        new(left.Passed + right.Passed, left.Failed + right.Failed, left.Skipped + right.Skipped);

    public override string ToString() => $"{Passed} passed, {Failed} failed, {Skipped} skipped";
}
