using System.Text.RegularExpressions;

namespace Mana.Build.Machine;

/// <summary>
/// Packages of Debian and its relatives, unpacked into the cache with the libraries they need. No rights are needed and the system is
/// not changed, so this works for root and for everybody else alike.
/// </summary>
internal static partial class DebianPackages
{
    public static bool AreAvailable => File.Exists("/usr/bin/apt-get") && File.Exists("/usr/bin/dpkg");

    /// <summary>The folder that stands for / with the package, its missing libraries and the packages it pulls in that are needed too.</summary>
    public static Task<string> Unpack(Toolbox tools, string package, Func<string, bool> isNeeded) =>
        Unpacked.Once(
            tools,
            $"debian-{Release()}-{package}",
            async workshop =>
            {
                await tools.Downloads.Fetch($"the Debian package {package}", () => Download(tools, package, isNeeded, workshop));
                foreach (var archive in Directory.GetFiles(workshop, "*.deb"))
                {
                    (await Run.Quietly(new Invocation("dpkg", "-x", archive, workshop))).OrFail($"dpkg -x {Path.GetFileName(archive)}");
                    File.Delete(archive);
                }
            }
        );

    /// <summary>The search path for the libraries that were unpacked there.</summary>
    public static string Libraries(string root) =>
        string.Join(
            Path.PathSeparator,
            ((string[])[Path.Combine(root, "usr", "lib"), Path.Combine(root, "lib")])
                .Where(Directory.Exists)
                .SelectMany(folder => Directory.GetDirectories(folder, "*-linux-*"))
        );

    private static async Task<Answer> Download(Toolbox tools, string package, Func<string, bool> isNeeded, string workshop)
    {
        string[] options = ["-o", "APT::Sandbox::User=" + Environment.UserName];
        var answer = await Download(options, package, isNeeded, workshop);
        if (answer.Failed)
        {
            // A fresh container has no package lists, and only root may write those of the system: these are ours.
            options = [.. options, .. PrivateLists(tools.Folders.Cache)];
            (await Run.Quietly(new Invocation("apt-get", [.. options, "-qq", "update"]))).OrFail("apt-get update");
            answer = await Download(options, package, isNeeded, workshop);
        }
        return answer.OrFail($"apt-get download {package}");
    }

    private static async Task<Answer> Download(string[] options, string package, Func<string, bool> isNeeded, string workshop)
    {
        var plan = await Plan(options, package);
        if (plan.Failed)
        {
            return plan;
        }
        var direct = await Run.Quietly(new Invocation("apt-cache", [.. options, "depends", "--important", package]));
        string[] wanted =
        [
            .. Named(Planned(), plan.Output).Where(name => IsLibrary(name) || isNeeded(name)),
            .. Named(Direct(), direct.Output).Where(isNeeded),
            .. isNeeded(package) ? (string[])[package] : [],
        ];
        return await Run.Quietly(new Invocation("apt-get", [.. options, "-qq", "download", .. wanted.Distinct()]) { Folder = workshop });
    }

    private static string[] PrivateLists(string cache)
    {
        var lists = Path.Combine(cache, "apt", "lists");
        var archives = Path.Combine(cache, "apt", "cache");
        Directory.CreateDirectory(Path.Combine(lists, "partial"));
        Directory.CreateDirectory(Path.Combine(archives, "archives", "partial"));
        return ["-o", "Dir::State::lists=" + lists, "-o", "Dir::Cache=" + archives];
    }

    private static Task<Answer> Plan(string[] options, string package) =>
        Run.Quietly(new Invocation("apt-get", [.. options, "-qq", "--simulate", "--no-install-recommends", "install", package]));

    private static IEnumerable<string> Named(Regex line, string output) => line.Matches(output).Select(match => match.Groups[1].Value);

    // LLVM is 100 MB for a compiler of queries that we switch off; the libraries of Perl serve scripts we do not run.
    private static bool IsLibrary(string package) =>
        package.StartsWith("lib", StringComparison.Ordinal)
        && !package.StartsWith("libllvm", StringComparison.Ordinal)
        && !package.Contains("perl", StringComparison.Ordinal);

    private static string Release()
    {
        const string key = "VERSION_CODENAME=";
        var lines = File.Exists("/etc/os-release") ? File.ReadAllLines("/etc/os-release") : [];
        return lines.FirstOrDefault(line => line.StartsWith(key, StringComparison.Ordinal))?[key.Length..] ?? "unknown";
    }

    [GeneratedRegex(@"^Inst (\S+)", RegexOptions.Multiline)]
    private static partial Regex Planned();

    [GeneratedRegex(@"^\s*Depends: (\S+)", RegexOptions.Multiline)]
    private static partial Regex Direct();
}
