using System.Diagnostics;

namespace Mana.Build.Machine;

/// <summary>Says what is fetched and how long it took, apart from our own work: that time belongs to the network.</summary>
internal sealed class Downloads
{
    public TimeSpan Total { get; private set; }

    public async Task<T> Fetch<T>(string what, Func<Task<T>> fetch)
    {
        Say.Line($"downloading {what} ...");
        var watch = Stopwatch.StartNew();
        var result = await fetch();
        Total += watch.Elapsed;
        Say.Line($"downloaded {what} in {Say.Seconds(watch.Elapsed)}");
        return result;
    }
}
