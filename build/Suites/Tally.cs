namespace Mana.Build.Suites;

/// <summary>How many tests ended how; the sum of all suites is the closing line.</summary>
internal sealed record Tally(int Passed, int Failed, int Skipped)
{
    public static readonly Tally None = new(0, 0, 0);

    /// <summary>Something that had to work and did not, though no test reported it.</summary>
    public static readonly Tally OneFailure = new(0, 1, 0);

    public static readonly Tally OneSuccess = new(1, 0, 0);

    /// <summary>What failed and why, a line each: said once more at the end, because whoever reads the log of a machine often sees its end only.</summary>
    public IReadOnlyList<string> Failures { get; init; } = [];

    public bool IsGreen => Failed == 0 && Passed > 0;

    public static Tally operator +(Tally left, Tally right) =>
        new(left.Passed + right.Passed, left.Failed + right.Failed, left.Skipped + right.Skipped)
        {
            Failures = [.. left.Failures, .. right.Failures],
        };

    public override string ToString() => $"{Passed} passed, {Failed} failed, {Skipped} skipped";
}
