using System.Security.Cryptography;
using System.Text;

namespace Mana.Build.Machine;

/// <summary>The working copy this command belongs to, and where things stand in it.</summary>
internal sealed record Checkout(string Root)
{
    private const string Landmark = "ManaCoreAuth.slnx";
    private const int NameLength = 12;

    /// <summary>Twelve hexadecimal digits that tell two working copies on one machine apart.</summary>
    public string Name { get; } = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Root)))[..NameLength];

    public string Artifacts => In("artifacts");

    public string ServerDll => In("artifacts", "bin", "Mana.Server", "debug", "mana-server.dll");

    public static Checkout Find()
    {
        foreach (var start in (string[])[AppContext.BaseDirectory, Directory.GetCurrentDirectory()])
        {
            for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
            {
                if (File.Exists(Path.Combine(folder.FullName, Landmark)))
                {
                    return new Checkout(folder.FullName);
                }
            }
        }
        throw new Failure($"No {Landmark} above the current folder.", "run ./mana of a checkout");
    }

    public string In(params string[] parts) => Path.Combine([Root, .. parts]);

    public string TestDll(string project) => In("artifacts", "bin", project, "debug", project + ".dll");
}
