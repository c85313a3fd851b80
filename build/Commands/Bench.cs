using System.Globalization;
using Mana.Build.Benchmarks;
using Mana.Build.Machine;
using Mana.Build.Postgres;

namespace Mana.Build.Commands;

/// <summary>
/// Measures the hot endpoints of the server as it ships and, in turn within the same minute, a bare server that does the least such
/// endpoints could do. On a machine that others use too only shares of that ceiling and processor time per request mean something.
/// </summary>
internal static class Bench
{
    private const int WarmUpSeconds = 2;
    private const long OpeningCredits = 1_000_000_000_000;

    public static async Task<int> Run(string[] arguments, Toolbox tools)
    {
        var options = BenchOptions.Parse(arguments);
        if (!OperatingSystem.IsLinux())
        {
            throw new Failure("The benchmarks read processor times from /proc, which only Linux has.", "run them in a container");
        }
        var wrk = await Wrk.Find(tools);
        var released = await Released.Build(tools);
        // Always a cluster of our own, whatever DATABASE_URL says: it has to be durable, on this machine, and its data may be dropped.
        await using var cluster = await Cluster.Start(Purpose.Bench, tools);
        var servers = new BenchServers(tools, released, cluster, await Sodium.Path(tools));
        await servers.PrepareDatabases();
        var people = new People(tools.Checkout.In("artifacts", "bench", "people"));
        // Enough to spend comes through the front door too; what is measured afterwards runs with the bonus as shipped.
        await using (var generous = await servers.Server(new Dictionary<string, string> { ["CREDITS_SIGNUP_BONUS"] = $"{OpeningCredits}" }))
        {
            Say.Line("signing people up ...");
            await people.SignUp(generous.Address, tools.Stop);
        }
        var before = LoadAverage();
        var report = await Measure(options, servers, wrk, people, tools);
        report.Print();
        var path = tools.Checkout.In(
            "artifacts",
            "bench",
            $"{DateTime.UtcNow.ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture)}.csv"
        );
        await report.Save(path);
        Say.Line(
            $"""

            medians of {options.Rounds} rounds of {options.Seconds} s; errors are summed. Load generator, server and PostgreSQL share {Environment.ProcessorCount} cores;
            load average {before} before, {LoadAverage()} after. Single measurements: {Path.GetRelativePath(tools.Checkout.Root, path)}
            """
        );
        var booksBalance = await servers.CheckBooks() == 0;
        return report.Errors == 0 && booksBalance ? 0 : 1;
    }

    private static async Task<BenchReport> Measure(BenchOptions options, BenchServers servers, Wrk wrk, People people, Toolbox tools)
    {
        await using var ceiling = await servers.Ceiling();
        await using var server = await servers.Server(new Dictionary<string, string>());
        var load = new Load(wrk, tools, servers.Postmaster, people.Folder, options.Connections);
        Say.Line($"warming up, {WarmUpSeconds} s each ...");
        await people.RenewTokens(server.Address, tools.Stop);
        foreach (var scenario in options.Scenarios)
        {
            await load.Run(0, scenario, On(scenario), WarmUpSeconds);
        }
        var measurements = new List<Measurement>();
        for (var round = 1; round <= options.Rounds; round++)
        {
            Say.Line($"round {round} of {options.Rounds} ...");
            await people.RenewTokens(server.Address, tools.Stop);
            foreach (var scenario in options.Scenarios)
            {
                measurements.Add(await load.Run(round, scenario, On(scenario), options.Seconds));
            }
        }
        return new BenchReport(measurements);

        MeasuredProgram On(Scenario scenario) => scenario.IsCeiling ? ceiling : server;
    }

    private static string LoadAverage() => File.ReadAllText("/proc/loadavg").Split(' ')[0];
}
