namespace Mana.Build.Benchmarks;

/// <summary>How long each program takes from the start of its process to its first good answer, and what it occupies then.</summary>
internal sealed class ColdStarts(BenchServers servers, Peers? peers, Toolbox tools)
{
    private static readonly TimeSpan UntilIdle = TimeSpan.FromSeconds(1.5);

    private readonly List<(string Name, double Milliseconds, double Megabytes)> starts = [];

    public IEnumerable<ColdStart> Medians =>
        starts
            .GroupBy(start => start.Name)
            .Select(group => new ColdStart(
                group.Key,
                Median.Of(group.Select(start => start.Milliseconds)),
                Median.Of(group.Select(start => start.Megabytes))
            ));

    public async Task Measure()
    {
        await One("mana", servers.Server(BenchServers.AsShipped));
        if (peers is not null)
        {
            await One("node", servers.Peer(peers, Peers.Node, isAtBest: false));
            await One("bun", servers.Peer(peers, peers.Bun, isAtBest: false));
        }
    }

    private async Task One(string name, Task<MeasuredProgram> starting)
    {
        await using var program = await starting;
        await Task.Delay(UntilIdle, tools.Stop);
        starts.Add((name, program.StartedWithin.TotalMilliseconds, program.Megabytes));
    }
}

/// <param name="Megabytes">Resident and idle.</param>
internal sealed record ColdStart(string Name, double Milliseconds, double Megabytes);
