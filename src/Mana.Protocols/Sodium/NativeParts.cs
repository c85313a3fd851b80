using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

[assembly: DisableRuntimeMarshalling]
[assembly: DefaultDllImportSearchPaths(DllImportSearchPath.AssemblyDirectory | DllImportSearchPath.SafeDirectories)]

namespace Mana.Protocols.Sodium;

/// <summary>Finds the system libraries under the names the distributions give them. An assembly can have only one resolver, so both libraries share it.</summary>
internal static class NativeParts
{
    public const string Sodium = "libsodium";
    public const string Crypt = "libcrypt";

    private static readonly string[] SodiumNames = ["libsodium.so.26", "libsodium.so.23", "libsodium.dylib", "libsodium.dll", "libsodium"];
    private static readonly string[] CryptNames = ["libcrypt.so.1", "libcrypt.so.2"];

    private static readonly nint SodiumHandle = LoadFirst(SodiumNames);
    private static readonly nint CryptHandle = OperatingSystem.IsLinux() ? LoadFirst(CryptNames) : 0;
    private static readonly bool Registered = Register();

    /// <summary>True when the library could be loaded; its functions may be called only then.</summary>
    public static bool Has(string library) => Registered && HandleOf(library) != 0;

    private static bool Register()
    {
        NativeLibrary.SetDllImportResolver(typeof(NativeParts).Assembly, static (name, _, _) => HandleOf(name));
        return true;
    }

    private static nint HandleOf(string library) =>
        library switch
        {
            Sodium => SodiumHandle,
            Crypt => CryptHandle,
            _ => 0,
        };

    private static nint LoadFirst(string[] names)
    {
        foreach (var name in names)
        {
            if (NativeLibrary.TryLoad(name, Assembly.GetExecutingAssembly(), searchPath: null, out var handle))
            {
                return handle;
            }
        }

        return 0;
    }
}
