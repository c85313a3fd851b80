using System.Globalization;
using Mana.Build.Machine;

namespace Mana.Build.Benchmarks;

/// <summary>Runs the load generator against a program and reads the processor times before and after.</summary>
internal sealed class Load(Wrk wrk, Toolbox tools, int postmaster, Field field, int connections)
{
    private const string Threads = "1";
    private const string PatienceOfOneRequest = "10s";

    // What loads beside has begun when the look begins, and has not ended when it ends.
    private const int SecondsBefore = 1;
    private const int SecondsAfter = 1;

    public async Task<Measurement> Run(int round, Scenario scenario, int seconds)
    {
        var program = field.Program(scenario.Contender);
        var people = field.PeopleOf(scenario.Contender);
        var taken = Math.Min(connections, scenario.ConnectionsMax);
        Task<Answer>? beside = null;
        if (scenario.Beside is { } other)
        {
            beside = Send(other, Scenario.StormConnections, seconds + SecondsBefore + SecondsAfter, program, people);
            await Task.Delay(TimeSpan.FromSeconds(SecondsBefore), tools.Stop);
        }
        await using var watch = scenario.IsWatched ? await SpendingWatch.Begin(program.Address, people, tools.Stop) : null;
        var (server, postgres) = (program.Cpu, CpuTime.OfPostgres(postmaster));
        var answer = await Send(scenario.Script, taken, seconds, program, people);
        tools.Stop.ThrowIfCancellationRequested();
        (server, postgres) = (program.Cpu - server, CpuTime.OfPostgres(postmaster) - postgres);
        var eachSecond = watch is null ? [] : await watch.End();
        if (beside is not null)
        {
            // A storm that was no storm would make the result a lie.
            Measurement.OfWrk(round, scenario, Scenario.StormConnections, await beside, 0, 0).MustHaveWorked();
        }
        await program.Rest(tools.Stop);
        return Measurement.OfWrk(round, scenario, taken, answer, server, postgres) with { EachSecond = eachSecond };
    }

    private Task<Answer> Send(string script, int taken, int seconds, MeasuredProgram program, string people) =>
        wrk.Measure(
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
                tools.Checkout.In("bench", "load", script + ".lua"),
                program.Address.ToString(),
                "--",
                people,
            ],
            tools.Stop
        );
}
