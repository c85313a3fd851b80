using System.Globalization;
using Mana.Build.Machine;

namespace Mana.Build.Postgres;

/// <summary>PostgreSQL as the machine already has it. Newest first within one place; the PATH wins because a person chose it.</summary>
internal static class InstalledPostgres
{
    public static async Task<Binaries?> Find()
    {
        foreach (var folder in await Places())
        {
            if (await Binaries.In(folder, null) is { } found)
            {
                return found;
            }
        }
        return null;
    }

    private static async Task<IEnumerable<string>> Places() =>
        [
            .. OnPath(),
            .. await Configured(),
            .. Versions("/usr/lib/postgresql", "bin"),
            .. Versions("/opt/homebrew/opt", "bin"),
            .. Versions("/usr/local/opt", "bin"),
            .. Versions("/Applications/Postgres.app/Contents/Versions", "bin"),
            .. Versions(Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.ProgramFiles), "PostgreSQL"), "bin"),
        ];

    /// <summary>Where the programs on the PATH really stand: a link to postgres alone has no initdb beside it.</summary>
    private static IEnumerable<string> OnPath() =>
        (Toolbox.Setting("PATH") ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => new FileInfo(Path.Combine(folder, OperatingSystem.IsWindows() ? "postgres.exe" : "postgres")))
            .Where(program => program.Exists)
            .Select(program => (program.ResolveLinkTarget(returnFinalTarget: true) ?? program).FullName)
            .Select(program => Path.GetDirectoryName(program)!)
            .Distinct();

    private static async Task<IEnumerable<string>> Configured()
    {
        var answer = await Run.Quietly(new Invocation("pg_config", "--bindir"));
        return answer.Failed ? [] : [answer.Output.Trim()];
    }

    private static IEnumerable<string> Versions(string parent, string below) =>
        Directory.Exists(parent)
            ? Directory
                .EnumerateDirectories(parent)
                .Select(folder => (Folder: folder, Version: Number(Path.GetFileName(folder))))
                .Where(found => found.Version > 0)
                .OrderByDescending(found => found.Version)
                .Select(found => Path.Combine(found.Folder, below))
            : [];

    // "16", "16.2" and Homebrew's "postgresql@16" are versions; "latest" and other formulae are not.
    private static int Number(string name) =>
        int.TryParse(name.Replace("postgresql@", "", StringComparison.Ordinal).Split('.')[0], CultureInfo.InvariantCulture, out var number)
            ? number
            : 0;
}
