using Mana.Build.Machine;

namespace Mana.Build;

/// <summary>A browser of the Chromium family: one somebody names, one of this machine, or on Debian and as root the one of the distribution.</summary>
internal static class Chromium
{
    public const string Setting = "MANA_CHROMIUM";

    private const string DebianPackage = "chromium";

    private static readonly string[] Programs =
    [
        "chromium",
        "google-chrome-stable",
        "google-chrome",
        "chromium-browser",
        "microsoft-edge-stable",
        "microsoft-edge",
    ];

    // Where they stand on macOS and Windows, which do not put them on the PATH.
    private static readonly string[] Applications =
    [
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
        "/Applications/Chromium.app/Contents/MacOS/Chromium",
        InProgramFiles(Environment.SpecialFolder.ProgramFiles, "Google", "Chrome", "Application", "chrome.exe"),
        InProgramFiles(Environment.SpecialFolder.ProgramFilesX86, "Google", "Chrome", "Application", "chrome.exe"),
        InProgramFiles(Environment.SpecialFolder.ProgramFilesX86, "Microsoft", "Edge", "Application", "msedge.exe"),
    ];

    /// <returns>The path of the program, or null when there is none.</returns>
    public static async Task<string?> Find(Toolbox tools)
    {
        if (Toolbox.Setting(Setting) is { } named)
        {
            return File.Exists(named) ? named : throw new Failure($"{Setting} names a file that does not exist.", $"unset {Setting}");
        }
        if (await Installed() is { } installed)
        {
            return installed;
        }
        if (OperatingSystem.IsWindows() || !DebianPackages.AreAvailable || !Libc.IsRoot)
        {
            return null;
        }
        await tools.Downloads.Fetch($"the Debian package {DebianPackage}", Install);
        return await Installed();
    }

    private static async Task<string?> Installed()
    {
        var onPath = (Toolbox.Setting("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        foreach (var program in Programs.SelectMany(name => onPath.Select(folder => Path.Combine(folder, name))).Concat(Applications))
        {
            // Ubuntu has a program of that name that only says where to get the real one.
            if (File.Exists(program) && (OperatingSystem.IsWindows() || !(await Run.Quietly(new Invocation(program, "--version"))).Failed))
            {
                return program;
            }
        }
        return null;
    }

    private static async Task<Answer> Install()
    {
        var install = new Invocation("apt-get", "-qq", "-y", "--no-install-recommends", "install", DebianPackage)
        {
            Environment = new Dictionary<string, string?>(StringComparer.Ordinal) { ["DEBIAN_FRONTEND"] = "noninteractive" },
        };
        var answer = await Run.Quietly(install);
        if (answer.Failed)
        {
            // A fresh container has no package lists.
            (await Run.Quietly(new Invocation("apt-get", "-qq", "update"))).OrFail("apt-get update");
            answer = await Run.Quietly(install);
        }
        return answer.OrFail($"apt-get install {DebianPackage}");
    }

    private static string InProgramFiles(Environment.SpecialFolder folder, params string[] parts) =>
        Path.Combine([Environment.GetFolderPath(folder), .. parts]);
}
