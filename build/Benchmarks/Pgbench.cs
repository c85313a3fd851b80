using System.Globalization;
using System.Text.RegularExpressions;
using Mana.Build.Machine;
using Mana.Build.Postgres;

namespace Mana.Build.Benchmarks;

/// <summary>
/// PostgreSQL's own load generator, with our debit as one statement on our own migrated schema as the service's role, and with a plain
/// ledger beside it.
/// </summary>
internal sealed partial class Pgbench(string program, Cluster cluster, Toolbox tools)
{
    private const int Owners = 256;
    private const int Threads = 2;
    private const int CalibrationSeconds = 2;
    private const string Plain = "stand-in-debit";

    private static readonly int[] ClientsToTry = [1, 2, 4, 8, 16, 32];

    private readonly Dictionary<string, int> bestClients = new(StringComparer.Ordinal);

    /// <summary>Null where this PostgreSQL came without it.</summary>
    public static async Task<string?> Find(Cluster cluster)
    {
        string[] places = [cluster.Binaries.Program("pgbench"), "pgbench"];
        foreach (var place in places)
        {
            if (!(await Run.Quietly(Describe(place, cluster, ["--version"]))).Failed)
            {
                return place;
            }
        }
        return null;
    }

    /// <summary>One row is fastest with few clients, and how few depends on the disk: the best number is looked for once.</summary>
    public async Task Calibrate(Scenario scenario)
    {
        var best = 0.0;
        foreach (var clients in ClientsToTry)
        {
            var (_, rate, _) = await Send(scenario, clients, CalibrationSeconds);
            if (rate > best)
            {
                best = rate;
                bestClients[scenario.Name] = clients;
            }
        }
        Say.Line($"{scenario.Name} is best with {bestClients[scenario.Name]} clients");
    }

    public async Task<Measurement> Measure(int round, Scenario scenario, int clients, int seconds)
    {
        var taken = bestClients.GetValueOrDefault(scenario.Name, clients);
        var before = CpuTime.OfPostgres(cluster.Process);
        var (done, rate, milliseconds) = await Send(scenario, taken, seconds);
        var postgres = CpuTime.OfPostgres(cluster.Process) - before;
        // It says the average only, which stands where the median of the others does.
        return new Measurement(round, scenario, taken, done, done / rate, milliseconds, double.NaN, 0, postgres, 0, 0);
    }

    private async Task<(long Done, double Rate, double Milliseconds)> Send(Scenario scenario, int clients, int seconds)
    {
        var isPlain = scenario.Script == Plain;
        var login = cluster.Superuser with { Database = isPlain ? BenchServers.StandInDatabase : BenchServers.Database };
        if (!isPlain)
        {
            login = login with { User = "mana_app", Password = cluster.Passwords.App };
        }
        var invocation = Describe(
            program,
            cluster,
            [
                "--no-vacuum",
                "--protocol=prepared",
                $"--client={clients}",
                $"--jobs={Math.Min(Threads, clients)}",
                $"--time={seconds}",
                $"--define=owners={(scenario.IsHot ? 1 : Owners)}",
                "--file=" + tools.Checkout.In("bench", "pg", scenario.Script + ".pgbench"),
            ],
            login
        );
        var answer = (await Machine.Run.Quietly(invocation, tools.Stop)).OrFail(scenario.Name);
        tools.Stop.ThrowIfCancellationRequested();
        return (
            (long)Number(Processed().Match(answer.Output)),
            Number(Rate().Match(answer.Output)),
            Number(Latency().Match(answer.Output))
        );

        double Number(Match found) =>
            found.Success
                ? double.Parse(found.Groups[1].ValueSpan, CultureInfo.InvariantCulture)
                : throw new Failure($"pgbench did not measure {scenario.Name}: {answer.Output.Trim()}");
    }

    // The scope of the service stands in the connection here, which is cheaper than with each transaction.
    private static Invocation Describe(string program, Cluster cluster, string[] arguments, DatabaseUrl? login = null)
    {
        var environment = Binaries.LibraryPath(cluster.Binaries.Libraries);
        if (login is not null)
        {
            environment["PGHOST"] = login.Host;
            environment["PGPORT"] = $"{login.Port}";
            environment["PGUSER"] = login.User;
            environment["PGPASSWORD"] = login.Password;
            environment["PGDATABASE"] = login.Database;
            environment["PGOPTIONS"] = "-c app.role=service";
        }
        return new Invocation(program, arguments) { Environment = environment };
    }

    [GeneratedRegex(@"number of transactions actually processed: (\d+)")]
    private static partial Regex Processed();

    [GeneratedRegex(@"tps = ([\d.]+) \(without")]
    private static partial Regex Rate();

    [GeneratedRegex(@"latency average = ([\d.]+)")]
    private static partial Regex Latency();
}
