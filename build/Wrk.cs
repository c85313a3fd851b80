using Mana.Build.Machine;
using Mana.Build.Postgres;

namespace Mana.Build;

/// <summary>The load generator of the benchmarks: installed, or unpacked from Debian into the cache.</summary>
internal sealed record Wrk(string Program, string? Libraries)
{
    private const string Name = "wrk";

    public static async Task<Wrk> Find(Toolbox tools)
    {
        // wrk -v prints its version and ends with 1; only a missing program is missing.
        if ((await Run.Quietly(new Invocation(Name, "-v"))).ExitCode != Run.NoSuchProgram)
        {
            return new Wrk(Name, null);
        }
        if (!DebianPackages.AreAvailable)
        {
            throw Missing("this system has no apt-get to fetch it with");
        }
        try
        {
            var root = await DebianPackages.Unpack(tools, Name, package => package == Name);
            return new Wrk(Path.Combine(root, "usr", "bin", Name), DebianPackages.Libraries(root));
        }
        catch (Failure failure)
        {
            throw Missing(failure.Message);
        }
    }

    /// <summary>Runs it and returns what it prints.</summary>
    public Task<Answer> Measure(string[] arguments, CancellationToken stop) =>
        Run.Quietly(new Invocation(Program, arguments) { Environment = Binaries.LibraryPath(Libraries) }, stop);

    private static Failure Missing(string reason) =>
        new($"The benchmarks need wrk, which is missing ({reason}).", "Debian, Ubuntu: apt-get install wrk", "macOS: brew install wrk");
}
