using System.Runtime.InteropServices;
using Mana.Build.Machine;

namespace Mana.Build;

/// <summary>
/// libsodium, which the server's cryptography stands on. A library of the system is used as it is; on Debian a missing one is unpacked
/// into the cache, and the server finds it by LD_LIBRARY_PATH.
/// </summary>
internal static class Sodium
{
    private const string DebianPackage = "libsodium23";

    // 1.0.18 and 1.0.19 are .so.23, 1.0.20 and newer .so.26; Homebrew installs outside the search path of Apple Silicon.
    private static readonly string[] Names =
    [
        "libsodium.so.23",
        "libsodium.so.26",
        "libsodium.so",
        "libsodium.dylib",
        "/opt/homebrew/lib/libsodium.dylib",
        "libsodium.dll",
    ];

    /// <summary>The search path the server needs, or null when the system has the library.</summary>
    public static async Task<string?> Path(Toolbox tools)
    {
        if (Names.Any(IsInstalled))
        {
            return null;
        }
        try
        {
            if (DebianPackages.AreAvailable)
            {
                var root = await DebianPackages.Unpack(tools, DebianPackage, name => name == DebianPackage);
                return string.Join(
                    System.IO.Path.PathSeparator,
                    ((string?[])[DebianPackages.Libraries(root), Toolbox.Setting("LD_LIBRARY_PATH")]).OfType<string>()
                );
            }
        }
        catch (Failure failure)
        {
            throw Missing(failure.Message);
        }
        throw Missing("this system has no apt-get to fetch it with");
    }

    private static bool IsInstalled(string name)
    {
        if (!NativeLibrary.TryLoad(name, out var library))
        {
            return false;
        }
        NativeLibrary.Free(library);
        return true;
    }

    private static Failure Missing(string reason) =>
        new(
            $"libsodium 1.0.18 or newer is missing ({reason}).",
            "Debian, Ubuntu: apt-get install libsodium23",
            "Fedora: dnf install libsodium; Alpine: apk add libsodium; macOS: brew install libsodium",
            "Windows: put libsodium.dll of the official release on the PATH"
        );
}
