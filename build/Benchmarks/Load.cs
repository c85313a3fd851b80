using System.Globalization;

namespace Mana.Build.Benchmarks;

/// <summary>Runs the load generator against a program and reads the processor times before and after.</summary>
internal sealed class Load(Wrk wrk, Toolbox tools, int postmaster, string people, int connections)
{
    private const string Threads = "1";
    private const string PatienceOfOneRequest = "10s";

    public async Task<Measurement> Run(int round, Scenario scenario, MeasuredProgram program, int seconds)
    {
        var taken = Math.Min(connections, scenario.ConnectionsMax);
        var (server, postgres) = (program.Cpu, CpuTime.OfPostgres(postmaster));
        var answer = await wrk.Measure(
            [
                "--threads",
                Threads,
                "--connections",
                taken.ToString(CultureInfo.InvariantCulture),
                "--duration",
                string.Create(CultureInfo.InvariantCulture, $"{seconds}s"),
                "--timeout",
                PatienceOfOneRequest,
                "--script",
                tools.Checkout.In("bench", "load", scenario.Name + ".lua"),
                program.Address.ToString(),
                "--",
                people,
            ],
            tools.Stop
        );
        tools.Stop.ThrowIfCancellationRequested();
        (server, postgres) = (program.Cpu - server, CpuTime.OfPostgres(postmaster) - postgres);
        await program.Rest(tools.Stop);
        return Measurement.Of(round, scenario, taken, answer, server, postgres);
    }
}
