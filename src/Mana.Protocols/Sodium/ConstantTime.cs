namespace Mana.Protocols.Sodium;

/// <summary>Comparison whose time does not depend on where two values differ.</summary>
public static class ConstantTime
{
    /// <summary>Different lengths are unequal; the length itself is no secret.</summary>
    public static bool Equal(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b)
    {
        if (a.Length != b.Length)
        {
            return false;
        }

        Libsodium.Ready();
        return a.IsEmpty || Libsodium.sodium_memcmp(a, b, (nuint)a.Length) == 0;
    }
}
