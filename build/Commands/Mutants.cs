using System.Text.Json;
using Mana.Build.Machine;
using Mana.Build.Postgres;
using Mana.Build.Suites;

namespace Mana.Build.Commands;

/// <summary>
/// Plants the bugs of tests/mutants.json into a copy of the sources, one after another, and runs the spec that has to find each. A bug that
/// no spec finds is a missing spec.
/// </summary>
internal static class Mutants
{
    private const string Project = "Mana.Server.Tests";
    private const string List = "tests/mutants.json";

    private static readonly JsonSerializerOptions Plain = new() { PropertyNameCaseInsensitive = true };

    public static async Task<int> Run(string[] arguments, Toolbox tools)
    {
        var bugs = await Chosen(arguments, tools);
        var copy = await SourceCopy.Make(tools, "mutants");
        Directory.CreateDirectory(copy.Checkout.In("artifacts", "mana"));
        await using var postgres = await tools.Postgres(Purpose.Test);
        var environment = Test.Surroundings(postgres, await Sodium.Path(tools), copy);
        await Compile(copy);
        Say.Line($"without any bug: {bugs.Length} specs ...");
        var healthy = await XunitSuite.Run(Project, [.. bugs.Select(bug => bug.Spec).Distinct().SelectMany(Filter)], environment, copy);
        if (!healthy.IsGreen)
        {
            throw new Failure("The specs find something without any bug being planted.");
        }
        var survivors = 0;
        foreach (var bug in bugs)
        {
            tools.Stop.ThrowIfCancellationRequested();
            var isFound = await IsFound(bug, environment, copy);
            survivors += isFound ? 0 : 1;
            Say.Line($"{(isFound ? "found   " : "SURVIVED")} {bug.Name}: {bug.Spec}");
        }
        Say.Line($"{bugs.Length - survivors} of {bugs.Length} planted bugs are found");
        return survivors == 0 ? 0 : 1;
    }

    private static async Task<Bug[]> Chosen(string[] names, Toolbox tools)
    {
        await using var file = File.OpenRead(tools.Checkout.In(List.Split('/')));
        var all = await JsonSerializer.DeserializeAsync<Bug[]>(file, Plain, tools.Stop) ?? [];
        return names.FirstOrDefault(name => all.All(bug => bug.Name != name)) is { } unknown
            ? throw new Misuse($"'{unknown}' is none of the bugs in {List}")
            : [.. all.Where(bug => names.Length == 0 || names.Contains(bug.Name))];
    }

    private static async Task<bool> IsFound(Bug bug, IReadOnlyDictionary<string, string?> environment, Toolbox copy)
    {
        var healthy = await SourceCopy.Apply(bug, copy, List);
        try
        {
            await Compile(copy);
            return (await XunitSuite.Run(Project, Filter(bug.Spec), environment, copy)).Failed > 0;
        }
        finally
        {
            await File.WriteAllTextAsync(SourceCopy.PathOf(bug, copy), healthy, CancellationToken.None);
        }
    }

    private static async Task Compile(Toolbox copy)
    {
        string[] arguments =
        [
            "build",
            copy.Checkout.In("tests", Project),
            "-p:RunAnalyzers=false",
            "-p:UseSharedCompilation=false",
            "-nodeReuse:false",
            "-verbosity:quiet",
            "-nologo",
        ];
        (await Machine.Run.Quietly(new Invocation(copy.Dotnet, arguments) { Folder = copy.Checkout.Root }, copy.Stop)).OrFail("Compiling");
    }

    private static string[] Filter(string spec) => ["-method", spec];

    /// <param name="Spec">The method that has to fail.</param>
    private sealed record Bug(string Name, string File, string Find, string Put, string Spec) : Edit(File, Find, Put);
}
