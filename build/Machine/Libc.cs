using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Mana.Build.Machine;

/// <summary>What .NET does not offer: who runs us, giving a file away, a signal to a process.</summary>
[UnsupportedOSPlatform("windows")]
internal static partial class Libc
{
    public const int Terminate = 15;

    private const int Interrupt = 2;

    /// <summary>The effective user decides about rights; a user's name does not (several may be 0, and 0 may have any name).</summary>
    public static bool IsRoot => EffectiveUser() == 0;

    [LibraryImport("libc", EntryPoint = "geteuid")]
    public static partial uint EffectiveUser();

    public static void GiveAway(string path, Account owner)
    {
        if (ChangeOwner(path, owner.User, owner.Group) != 0)
        {
            throw new Failure($"{path} cannot be given to {owner.Name}: {Marshal.GetLastPInvokeErrorMessage()}.");
        }
    }

    /// <summary>
    /// Ctrl-C has its effect again. A shell script that starts us with an ampersand makes us ignore it, .NET respects that, and then
    /// `kill -INT` of the very script that meant to stop us is lost.
    /// </summary>
    public static void HearInterrupt() => SetHandler(Interrupt, 0);

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    public static partial int Signal(int process, int signal);

    [LibraryImport("libc", EntryPoint = "chown", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int ChangeOwner(string path, uint user, uint group);

    [LibraryImport("libc", EntryPoint = "signal")]
    private static partial nint SetHandler(int signal, nint handler);
}
