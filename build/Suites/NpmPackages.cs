using Mana.Build.Machine;

namespace Mana.Build.Suites;

/// <summary>The packages a folder's package-lock.json names, installed once and again when it changes.</summary>
internal static class NpmPackages
{
    public static async Task Install(string folder, Toolbox tools)
    {
        var stamp = new Stamp(Path.Combine(folder, "node_modules", ".mana-stamp"));
        var print = Builds.Fingerprint([Path.Combine(folder, "package.json"), Path.Combine(folder, "package-lock.json")]);
        if (stamp.Says(print))
        {
            return;
        }
        var npm = OperatingSystem.IsWindows()
            ? new Invocation("cmd", "/c", "npm", "ci", "--no-audit", "--no-fund") { Folder = folder }
            : new Invocation("npm", "ci", "--no-audit", "--no-fund") { Folder = folder };
        var place = Path.GetRelativePath(tools.Checkout.Root, folder);
        await tools.Downloads.Fetch($"npm packages of {place}", async () => (await Run.Quietly(npm)).OrFail($"npm ci in {place}"));
        stamp.Write(print);
    }
}
