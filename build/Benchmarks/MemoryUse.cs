using System.Globalization;

namespace Mana.Build.Benchmarks;

/// <summary>How much memory of the machine a program occupies, from /proc.</summary>
internal static class MemoryUse
{
    private const string Resident = "VmRSS:";
    private const double KilobytesPerMegabyte = 1024;

    public static double MegabytesOf(int process)
    {
        var line = File.ReadLines($"/proc/{process}/status").First(line => line.StartsWith(Resident, StringComparison.Ordinal));
        return long.Parse(line[Resident.Length..].Replace("kB", "", StringComparison.Ordinal).Trim(), CultureInfo.InvariantCulture)
            / KilobytesPerMegabyte;
    }
}
