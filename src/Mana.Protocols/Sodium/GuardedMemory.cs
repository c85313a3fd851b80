using System.Runtime.InteropServices;

namespace Mana.Protocols.Sodium;

/// <summary>
/// Memory from <c>sodium_malloc</c>: outside the garbage collector (never copied), between guard pages, wiped when freed.
/// As a SafeHandle it is counted during native calls, so a concurrent Dispose cannot wipe a key while it signs; signing the
/// same message with half a key would give the private key away.
/// </summary>
internal sealed class GuardedMemory : SafeHandle
{
    public GuardedMemory(int length)
        : base(invalidHandleValue: 0, ownsHandle: true)
    {
        Libsodium.Ready();
        SetHandle(Libsodium.sodium_malloc((nuint)length));
        if (IsInvalid)
        {
            throw new InvalidOperationException("libsodium has no locked memory left for a key.");
        }
    }

    public override bool IsInvalid => handle == 0;

    /// <summary>Only while nobody else holds this object, that is, while it is being filled.</summary>
    public nint Address => handle;

    public void MakeReadOnly() => _ = Libsodium.sodium_mprotect_readonly(handle);

    protected override bool ReleaseHandle()
    {
        Libsodium.sodium_free(handle);
        return true;
    }
}
