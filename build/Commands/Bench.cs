using System.Globalization;
using Mana.Build.Benchmarks;
using Mana.Build.Machine;
using Mana.Build.Postgres;

namespace Mana.Build.Commands;

/// <summary>
/// Measures the hot endpoints of the server as it ships and, in turn within the same minute, a bare server that does the least such
/// endpoints could do, and with --peers Better Auth on Node and on Bun. On a machine that others use too only ratios inside one run and
/// processor time per request mean something.
/// </summary>
internal static class Bench
{
    public static async Task<int> Run(string[] arguments, Toolbox tools)
    {
        var options = BenchOptions.Parse(arguments);
        if (!OperatingSystem.IsLinux())
        {
            throw new Failure("The benchmarks read processor times from /proc, which only Linux has.", "run them in a container");
        }
        var wrk = await Wrk.Find(tools);
        var released = await Released.Build(tools, options.Subject == BenchSubject.Proofs);
        var peers = options.WithPeers ? await Peers.Install(tools) : null;
        // Always a cluster of our own, whatever DATABASE_URL says: it has to be durable, on this machine, and its data may be dropped.
        await using var cluster = await Cluster.Start(Purpose.Bench, tools);
        var servers = new BenchServers(tools, released, cluster, await Sodium.Path(tools));
        await servers.PrepareDatabases();
        if (peers is not null)
        {
            await servers.PreparePeers(peers);
        }
        var before = LoadAverage();
        var report = await Measure(options, servers, cluster, wrk, peers, tools);
        report.Print();
        var path = tools.Checkout.In("artifacts", "bench", DateTime.UtcNow.ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture));
        await report.Save(path);
        Say.Line(
            $"""

            medians of {options.Rounds} rounds of {options.Seconds} s; errors are summed. Load generator, server and PostgreSQL share {Environment.ProcessorCount} cores;
            load average {before} before, {LoadAverage()} after. Everything: {Path.GetRelativePath(tools.Checkout.Root, path)}.csv and .json
            """
        );
        var booksBalance = await servers.CheckBooks() == 0;
        foreach (var growth in Growth.All.Where(growth => options.Scenarios.Any(scenario => scenario.Contender == growth.Contender)))
        {
            booksBalance &= await servers.CheckBooks(growth.Database) == 0;
        }
        return report.Errors == 0 && booksBalance ? 0 : 1;
    }

    private static async Task<BenchReport> Measure(
        BenchOptions options,
        BenchServers servers,
        Cluster cluster,
        Wrk wrk,
        Peers? peers,
        Toolbox tools
    )
    {
        var scenarios = options.Scenarios;
        await using var field = await Field.Start(servers, peers, scenarios, tools);
        var (pgbench, measured) = await Ledgers(scenarios, servers, cluster, tools);
        var load = new Load(wrk, tools, cluster.Process, field, options.Connections);
        Say.Line($"warming up, {measured.Sum(scenario => scenario.WarmUpSeconds)} s ...");
        await field.Renew(tools.Stop);
        foreach (var scenario in measured)
        {
            await One(0, scenario, scenario.WarmUpSeconds);
        }
        var measurements = new List<Measurement>();
        var starts = new ColdStarts(servers, peers, tools);
        for (var round = 1; round <= options.Rounds; round++)
        {
            Say.Line($"round {round} of {options.Rounds} ...");
            await field.Renew(tools.Stop);
            foreach (var scenario in measured)
            {
                measurements.Add(await One(round, scenario, Math.Max(options.Seconds, scenario.SecondsMin)));
            }
            if (options.IsWhole)
            {
                await starts.Measure();
            }
        }
        return new BenchReport(measurements, [.. starts.Medians, .. field.StartsOfCrowds], field.Megabytes);

        async Task<Measurement> One(int round, Scenario scenario, int seconds) =>
            scenario.Contender switch
            {
                Contender.Pgbench => await pgbench!.Measure(round, scenario, options.Connections, seconds),
                Contender.Hashing => Measurement.OfHashing(round, scenario, await servers.Hash(seconds)),
                _ => await load.Run(round, scenario, seconds),
            };
    }

    /// <summary>What pgbench measures needs accounts of its own, and a PostgreSQL that came with pgbench.</summary>
    private static async Task<(Pgbench? Pgbench, IReadOnlyList<Scenario> Measured)> Ledgers(
        IReadOnlyList<Scenario> scenarios,
        BenchServers servers,
        Cluster cluster,
        Toolbox tools
    )
    {
        if (scenarios.All(scenario => scenario.Contender != Contender.Pgbench))
        {
            return (null, scenarios);
        }
        if (await Pgbench.Find(cluster) is not { } program)
        {
            Say.Line("pgbench is missing, so spending is not compared with PostgreSQL alone; Debian has it in its package postgresql");
            return (null, [.. scenarios.Where(scenario => scenario.Contender != Contender.Pgbench)]);
        }
        await servers.PrepareLedgers();
        var pgbench = new Pgbench(program, cluster, tools);
        foreach (var scenario in scenarios.Where(scenario => scenario is { Contender: Contender.Pgbench, IsHot: true }))
        {
            await pgbench.Calibrate(scenario);
        }
        return (pgbench, scenarios);
    }

    private static string LoadAverage() => File.ReadAllText("/proc/loadavg").Split(' ')[0];
}
