using System.Globalization;
using System.IO.Enumeration;
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
    private static readonly string[] TestProjects = ["Mana.Protocols.Tests", "Mana.Server.Tests", "Mana.Browser.Tests"];
    private static readonly string[] Skipped = ["bin", "obj", "node_modules"];

    /// <summary>The server alone, which is all that `dev` waits for.</summary>
    public static Task Server(Toolbox tools) => Ensure(tools, ServerOf(tools.Checkout), []);

    /// <summary>The server and all specs.</summary>
    public static Task Everything(Toolbox tools) => Ensure(tools, AllOf(tools.Checkout), [ServerOf(tools.Checkout)]);

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

    private static Target ServerOf(Checkout checkout) =>
        new("Mana.Server", checkout.In("src", "Mana.Server", "Mana.Server.csproj"), ["src"], [checkout.ServerDll]);

    private static Target AllOf(Checkout checkout) =>
        new(
            "everything",
            checkout.In("ManaCoreAuth.slnx"),
            ["src", "tests", "bench"],
            [checkout.ServerDll, .. TestProjects.Select(checkout.TestDll)]
        );

    /// <param name="tools">This checkout.</param>
    /// <param name="target">What is to be up to date.</param>
    /// <param name="parts">What is up to date as well when the target is.</param>
    private static async Task Ensure(Toolbox tools, Target target, Target[] parts)
    {
        var folder = Directory.CreateDirectory(tools.Checkout.In("artifacts", "mana")).FullName;
        using var held = await FileLock.Exclusive(Path.Combine(folder, "build.lock"), "building", tools.Stop);
        if (Built(folder, target).Says(Fingerprint(Sources(tools.Checkout, target))) && target.Results.All(File.Exists))
        {
            return;
        }
        await Restore(tools, target, parts, folder);
        // Taken before compiling: what changes meanwhile is compiled next time. Taken after restoring: that touches the lock files.
        var prints = parts.Append(target).Select(part => (part, Print: Fingerprint(Sources(tools.Checkout, part)))).ToArray();
        Say.Line($"building {target.Name} ...");
        if (await Dotnet(tools, ["msbuild", target.Path, "-verbosity:quiet", "-nologo"]) != 0)
        {
            throw Stopped(tools, $"{target.Name} does not compile.");
        }
        foreach (var (part, print) in prints)
        {
            Built(folder, part).Write(print);
        }
    }

    private static async Task Restore(Toolbox tools, Target target, Target[] parts, string folder)
    {
        if (
            Restored(folder, target).Says(Fingerprint(RestoreSources(tools.Checkout, target)))
            && Directory.Exists(tools.Checkout.In("artifacts", "obj"))
        )
        {
            return;
        }
        string[] locked = Toolbox.IsUnattended ? ["--locked-mode"] : [];
        await tools.Downloads.Fetch(
            "NuGet packages",
            async () =>
                await Dotnet(tools, ["restore", target.Path, "-v", "quiet", "-nologo", .. locked]) is var exitCode && exitCode == 0
                    ? exitCode
                    : throw Stopped(tools, "NuGet packages could not be restored.", "check the package source: dotnet nuget list source")
        );
        foreach (var part in parts.Append(target))
        {
            Restored(folder, part).Write(Fingerprint(RestoreSources(tools.Checkout, part)));
        }
    }

    // A program that ends because we were told to stop has not failed.
    private static Exception Stopped(Toolbox tools, string what, params string[] waysOut) =>
        tools.Stop.IsCancellationRequested ? new OperationCanceledException(tools.Stop) : new Failure(what, waysOut);

    private static Stamp Built(string folder, Target target) => new(Path.Combine(folder, target.Name + ".built"));

    private static Stamp Restored(string folder, Target target) => new(Path.Combine(folder, target.Name + ".restored"));

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

    private static IEnumerable<string> RestoreSources(Checkout checkout, Target target) =>
        Sources(checkout, target)
            .Where(file => RestoreFiles.Any(pattern => FileSystemName.MatchesSimpleExpression(pattern, Path.GetFileName(file))));

    private static IEnumerable<string> Sources(Checkout checkout, Target target) =>
        RootFiles
            .SelectMany(pattern => Directory.EnumerateFiles(checkout.Root, pattern))
            .Concat(target.Folders.Select(folder => checkout.In(folder)).Where(Directory.Exists).SelectMany(Below));

    private static IEnumerable<string> Below(string folder) =>
        Directory
            .EnumerateFiles(folder)
            .Concat(Directory.EnumerateDirectories(folder).Where(inner => !Skipped.Contains(Path.GetFileName(inner))).SelectMany(Below));

    /// <summary>Something that is compiled: from which folders, into which files.</summary>
    private sealed record Target(string Name, string Path, string[] Folders, string[] Results);
}
