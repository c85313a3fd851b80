using System.Globalization;
using Mana.Build.Machine;

namespace Mana.Build.Benchmarks;

/// <summary>What the service wants to be: a floor that is the bar, and an aim. All but times of processors are ratios inside one run.</summary>
internal sealed record Goal(string Name, double Measured, double Floor, double Aim, bool MoreIsBetter)
{
    public string Verdict =>
        Reaches(Aim) ? "aim"
        : Reaches(Floor) ? "floor"
        : "MISSED";

    private bool Reaches(double mark) => MoreIsBetter ? Measured >= mark : Measured <= mark;
}

internal static class Goals
{
    private static readonly string ManyName = Contender.ManaOfMany.ToString();

    private const double None = double.PositiveInfinity;

    // A checkpoint may slow a second down; below this it is more than that.
    private const double Collapse = .1;

    /// <summary>Those for which this run has both sides.</summary>
    public static IReadOnlyList<Goal> Of(BenchReport report)
    {
        Goal Ratio(string name, string scenario, string other, double floor, double aim) =>
            new($"{scenario}: {name}", report.Ratio(scenario, other), floor, aim, MoreIsBetter: true);
        Goal Least(string name, double measured, double floor, double aim) => new(name, measured, floor, aim, MoreIsBetter: false);

        Goal[] all =
        [
            Ratio("of the POST ceiling", "validate", "ceiling/post", .65, .85),
            Ratio("× Node", "validate", "validate/node", 8, 11),
            Ratio("× Bun", "validate", "validate/bun", 4, 4.5),
            Least("validate: server µs", report.ServerMicroseconds("validate"), 20, 15),
            Ratio("× Node", "validate-new", "validate/node", 1.8, 2.5),
            Ratio("× Bun", "validate-new", "validate/bun", 0, 1),
            Least("validate-new: server µs", report.ServerMicroseconds("validate-new"), 85, 70),
            Ratio("of the GET ceiling", "get-session", "ceiling/get", .5, .75),
            Ratio("× Node as it comes", "get-session", "get-session/node", 80, 150),
            Ratio("× Bun at its best", "get-session", "get-session/bun-best", 15, 25),
            Ratio("of the Npgsql ceiling", "get-session-cold", "ceiling/read", .6, .8),
            Ratio("× Node as it comes", "get-session-cold", "get-session/node", 20, 30),
            Ratio("× Node", "token", "token/node", 30, 60),
            Ratio("× Bun", "token", "token/bun", 12, 22),
            Least("token: server µs", report.ServerMicroseconds("token"), 60, 42),
            Ratio("of the Npgsql ceiling", "balance", "ceiling/read", .75, 2),
            Ratio("× Node", "balance", "balance/node", 5, 15),
            Ratio("× Bun", "balance", "balance/bun", 3, 8),
            Least("balance: server and PostgreSQL µs", report.Microseconds("balance"), None, 30),
            Ratio("× pgbench with our statement", "use", "use/pgbench", 1, 1.6),
            Ratio("× Node", "use", "use/node", 10, 20),
            Ratio("× Bun", "use", "use/bun", 7, 16),
            Least("use: p99 ms", report.P99Milliseconds("use"), None, 25),
            Least("use: server and PostgreSQL µs", report.Microseconds("use"), None, 85),
            Ratio("× pgbench at its best", "use-hot", "use-hot/pgbench", 2, 6),
            Ratio("× Node", "use-hot", "use-hot/node", 0, 80),
            new("use-hot: slowest second of the median", report.SlowestSecond("use-hot"), Collapse, .5, MoreIsBetter: true),
            Ratio("of the rate without proofs", "use", "use/unproven", .9, 1),
            Ratio("of the rate without proofs", "use-hot", "use-hot/unproven", .9, 1),
            Ratio("of hashing alone", "sign-in", "sign-in/hashing", .8, .95),
            Ratio("× Node", "sign-in", "sign-in/node", 3.5, 5),
            Ratio("kept by validate", "storm", "calm", .4, .55),
            Least("storm: p99 ms of validate", report.P99Milliseconds("storm"), 40, 15),
            Ratio("× Node there", "storm", "storm/node", 0, 100),
            Ratio("× Bun there", "storm", "storm/bun", 0, 100),
            Least("start: ms to the first answer", report.Start("mana")?.Milliseconds ?? double.NaN, 600, 350),
            Least("start: MB idle", report.Start("mana")?.Megabytes ?? double.NaN, 110, 85),
            Ratio("kept at 10,000,000 debits", "use-grown/large", "use-grown/small", .55, .75),
            Ratio("kept at 30,000,000 of 10,000,000", "use-grown/huge", "use-grown/large", .9, 1),
            Ratio("of the first page", "list/deep", "list", .7, .9),
            Ratio("kept with 1,000,000 sessions", "validate/many", "validate/few", .9, 1),
            Ratio("kept over 100,000 of 1,000,000", "get-session/many", "get-session/few", .7, 1),
            Ratio("of the Npgsql ceiling", "get-session-cold/many", "ceiling/read", .6, .8),
            Ratio("kept over 1,000,000", "get-session-cold/many", "get-session-cold/few", 0, .8),
            Least("1,000,000 sessions: ms to the first answer", report.Start(ManyName)?.Milliseconds ?? double.NaN, 2000, 600),
            Least("1,000,000 sessions: MB after the load", report.Start(ManyName)?.Megabytes ?? double.NaN, 250, 150),
            Least("MB after the load", report.MegabytesAfterLoad("mana"), 250, 150),
        ];
        return [.. all.Where(goal => !double.IsNaN(goal.Measured))];
    }

    public static void Print(BenchReport report)
    {
        Say.Line("");
        Say.Line($"{"goal", -46}{"measured", 10}{"floor", 9}{"aim", 9}");
        foreach (var goal in Of(report))
        {
            Say.Line($"{goal.Name, -46}{Text(goal.Measured), 10}{Text(goal.Floor), 9}{Text(goal.Aim), 9}  {goal.Verdict}");
        }
    }

    private static string Text(double number) =>
        double.IsInfinity(number) || number == 0 ? "-" : number.ToString(number < 10 ? "0.00" : "0.0", CultureInfo.InvariantCulture);
}
