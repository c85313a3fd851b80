using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Mana.Build.Machine;

namespace Mana.Build;

/// <summary>
/// Compiles only what changed since the last time. MSBuild needs seconds to find out that nothing did; a fingerprint of names, sizes and
/// times of the sources needs milliseconds.
/// </summary>
internal static class Builds
{
    private const string ServerProject = "src/Mana.Server/Mana.Server.csproj";
    private const string Solution = "ManaCoreAuth.slnx";

    private static readonly string[] RootFiles =
    [
        "*.props",
        "*.targets",
        "*.slnx",
        "global.json",
        "nuget.config",
        ".editorconfig",
        "*.txt",
    ];
    private static readonly string[] RestoreFiles =
    [
        "*.csproj",
        "*.props",
        "*.targets",
        "packages.lock.json",
        "global.json",
        "nuget.config",
    ];
    private static readonly string[] Skipped = ["bin", "obj", "node_modules"];

    /// <summary>The server alone, which is all that `dev` waits for.</summary>
    public static Task Server(Toolbox tools) => Ensure(tools, ServerProject, ["src"], [tools.Checkout.ServerDll]);

    /// <summary>The server and all specs.</summary>
    public static Task Everything(Toolbox tools) =>
        Ensure(
            tools,
            Solution,
            ["src", "tests", "bench"],
            [tools.Checkout.ServerDll, tools.Checkout.TestDll("Mana.Server.Tests"), tools.Checkout.TestDll("Mana.Protocols.Tests")]
        );

    /// <summary>A fingerprint of the files of these folders, by name, size and time of change.</summary>
    public static string Fingerprint(IEnumerable<string> files)
    {
        var text = new StringBuilder();
        foreach (var file in files.Distinct().Order(StringComparer.Ordinal).Select(path => new FileInfo(path)))
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"{file.FullName} {file.Length} {file.LastWriteTimeUtc.Ticks}");
        }
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }

    private static async Task Ensure(Toolbox tools, string target, string[] folders, string[] results)
    {
        var folder = Directory.CreateDirectory(tools.Checkout.In("artifacts", "mana")).FullName;
        using var held = await FileLock.Exclusive(Path.Combine(folder, "build.lock"), "building", tools.Stop);
        var stamp = new Stamp(Path.Combine(folder, Path.GetFileNameWithoutExtension(target) + ".stamp"));
        var sources = Sources(tools.Checkout, folders).ToArray();
        var print = Fingerprint(sources);
        if (stamp.Says(print) && results.All(File.Exists))
        {
            return;
        }
        await Restore(tools, target, sources, folder);
        Say.Line($"building {Path.GetFileNameWithoutExtension(target)} ...");
        if (await Dotnet(tools, ["msbuild", target, "-verbosity:quiet", "-nologo"]) != 0)
        {
            tools.Stop.ThrowIfCancellationRequested();
            throw new Failure($"{target} does not compile.");
        }
        stamp.Write(print);
    }

    private static async Task Restore(Toolbox tools, string target, string[] sources, string folder)
    {
        var stamp = new Stamp(Path.Combine(folder, Path.GetFileNameWithoutExtension(target) + ".restored"));
        var print = Fingerprint(sources.Where(file => RestoreFiles.Any(pattern => Matches(pattern, file))));
        if (stamp.Says(print) && Directory.Exists(tools.Checkout.In("artifacts", "obj")))
        {
            return;
        }
        string[] locked = Toolbox.IsUnattended ? ["--locked-mode"] : [];
        var exitCode = await tools.Downloads.Fetch(
            "NuGet packages",
            () => Dotnet(tools, ["restore", target, "-v", "quiet", "-nologo", .. locked])
        );
        if (exitCode != 0)
        {
            tools.Stop.ThrowIfCancellationRequested();
            throw new Failure("NuGet packages could not be restored.", "check the package source: dotnet nuget list source");
        }
        stamp.Write(print);
    }

    // In CI no node of MSBuild and no compiler server may outlive us: they would hold the pipe the log is read from.
    private static Task<int> Dotnet(Toolbox tools, string[] arguments) =>
        Run.Visibly(
            new Invocation(
                tools.Dotnet,
                Toolbox.IsUnattended ? [.. arguments, "-nodeReuse:false", "-p:UseSharedCompilation=false"] : arguments
            )
            {
                Folder = tools.Checkout.Root,
            },
            tools.Stop
        );

    private static IEnumerable<string> Sources(Checkout checkout, string[] folders) =>
        RootFiles
            .SelectMany(pattern => Directory.EnumerateFiles(checkout.Root, pattern))
            .Concat(folders.Select(folder => checkout.In(folder)).Where(Directory.Exists).SelectMany(Below));

    private static IEnumerable<string> Below(string folder) =>
        Directory
            .EnumerateFiles(folder)
            .Concat(Directory.EnumerateDirectories(folder).Where(inner => !Skipped.Contains(Path.GetFileName(inner))).SelectMany(Below));

    private static bool Matches(string pattern, string file) =>
        System.IO.Enumeration.FileSystemName.MatchesSimpleExpression(pattern, Path.GetFileName(file));
}
