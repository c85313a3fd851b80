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

    private static readonly JsonSerializerOptions Plain = new() { PropertyNameCaseInsensitive = true };

    public static async Task<int> Run(string[] arguments, Toolbox tools)
    {
        var bugs = await Chosen(arguments, tools);
        var copy = tools with { Checkout = new Checkout(tools.Checkout.In("artifacts", "mutants")) };
        await Copy(tools, copy.Checkout);
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
        await using var file = File.OpenRead(tools.Checkout.In("tests", "mutants.json"));
        var all = await JsonSerializer.DeserializeAsync<Bug[]>(file, Plain, tools.Stop) ?? [];
        return names.FirstOrDefault(name => all.All(bug => bug.Name != name)) is { } unknown
            ? throw new Misuse($"'{unknown}' is none of the bugs in tests/mutants.json")
            : [.. all.Where(bug => names.Length == 0 || names.Contains(bug.Name))];
    }

    private static async Task<bool> IsFound(Bug bug, IReadOnlyDictionary<string, string?> environment, Toolbox copy)
    {
        var path = copy.Checkout.In(bug.File.Split('/'));
        var healthy = await File.ReadAllTextAsync(path, copy.Stop);
        if (healthy.Split(bug.Find).Length != 2)
        {
            throw new Failure($"The place of '{bug.Name}' stands not once in {bug.File}.", "write its `find` in tests/mutants.json anew");
        }
        try
        {
            await File.WriteAllTextAsync(path, healthy.Replace(bug.Find, bug.Put, StringComparison.Ordinal), copy.Stop);
            await Compile(copy);
            return (await XunitSuite.Run(Project, Filter(bug.Spec), environment, copy)).Failed > 0;
        }
        finally
        {
            await File.WriteAllTextAsync(path, healthy, CancellationToken.None);
        }
    }

    /// <summary>The sources as they lie here, committed or not, all of them new to the compiler.</summary>
    private static async Task Copy(Toolbox tools, Checkout copy)
    {
        var listed = (
            await Machine.Run.Quietly(
                new Invocation("git", ["ls-files", "--cached", "--others", "--exclude-standard"]) { Folder = tools.Checkout.Root },
                tools.Stop
            )
        ).OrFail("git ls-files");
        if (Directory.Exists(copy.Root))
        {
            Directory.Delete(copy.Root, recursive: true);
        }
        foreach (
            var file in listed.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(file => File.Exists(tools.Checkout.In(file)))
        )
        {
            Directory.CreateDirectory(Path.GetDirectoryName(copy.In(file))!);
            File.Copy(tools.Checkout.In(file), copy.In(file));
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

    /// <param name="Find">Text that stands once in the file.</param>
    /// <param name="Put">What takes its place.</param>
    /// <param name="Spec">The method that has to fail.</param>
    private sealed record Bug(string Name, string File, string Find, string Put, string Spec);
}
