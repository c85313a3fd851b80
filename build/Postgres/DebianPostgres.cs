using System.Text.RegularExpressions;
using Mana.Build.Machine;

namespace Mana.Build.Postgres;

/// <summary>
/// PostgreSQL from the Debian archive, unpacked into the cache. It is not installed: an installation would start a cluster of the system,
/// take port 5432 and need root.
/// </summary>
internal static partial class DebianPostgres
{
    public static async Task<Binaries?> Find(Toolbox tools)
    {
        if (!DebianPackages.AreAvailable)
        {
            return null;
        }
        var root = await DebianPackages.Unpack(tools, "postgresql", IsNeeded);
        var programs = Directory
            .GetDirectories(Path.Combine(root, "usr", "lib", "postgresql"))
            .Select(folder => Path.Combine(folder, "bin"));
        return await Binaries.In(programs.First(), DebianPackages.Libraries(root));
    }

    private static bool IsNeeded(string package) => Server().IsMatch(package);

    [GeneratedRegex(@"^postgresql(-client)?-\d+$")]
    private static partial Regex Server();
}
