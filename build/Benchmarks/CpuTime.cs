using System.Globalization;

namespace Mana.Build.Benchmarks;

/// <summary>How much of the processors a program has used, from /proc.</summary>
internal static class CpuTime
{
    // The unit of these counters is part of the kernel's interface: 1/100 s on every architecture .NET runs on.
    private const double TicksPerSecond = 100;

    private const int Own = 11;
    private const int OfEndedChildren = 13;

    /// <summary>Seconds of one process, user and system.</summary>
    public static double OfProcess(int process) => Seconds(process, Own);

    /// <summary>Seconds of a postmaster and all its processes, those that have ended included.</summary>
    public static double OfPostgres(int postmaster) =>
        Seconds(postmaster, Own) + Seconds(postmaster, OfEndedChildren) + Children(postmaster).Sum(OfChild);

    private static double OfChild(int process)
    {
        try
        {
            return Seconds(process, Own);
        }
        catch (IOException)
        {
            return 0; // ended between being listed and being read; its parent has its time
        }
    }

    private static double Seconds(int process, int field)
    {
        var stat = File.ReadAllText($"/proc/{process}/stat");
        // The name stands in brackets and may hold anything, blanks and brackets included.
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return (Number(fields[field]) + Number(fields[field + 1])) / TicksPerSecond;
    }

    private static IEnumerable<int> Children(int process) =>
        File.ReadAllText($"/proc/{process}/task/{process}/children")
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(child => int.Parse(child, CultureInfo.InvariantCulture));

    private static double Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
