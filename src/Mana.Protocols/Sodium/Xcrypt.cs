using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace Mana.Protocols.Sodium;

/// <summary>The system's <c>crypt_r</c> (libxcrypt, Linux): checks bcrypt hashes that were imported from elsewhere.</summary>
public static unsafe partial class Xcrypt
{
    // sizeof(struct crypt_data) is 32768 since glibc had it; libxcrypt keeps that size.
    private const int DataLength = 32768;
    private const int MaxTextLength = 4096;
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static bool IsAvailable => NativeParts.Has(NativeParts.Crypt);

    /// <summary>
    /// The full hash string for this setting (scheme, cost and salt), or null: no library here, an unknown scheme, a NUL or a
    /// lone surrogate in the password (C would stop reading at the NUL).
    /// </summary>
    public static string? Hash(string password, string setting)
    {
        if (!IsAvailable || password.Length > MaxTextLength || setting.Length > MaxTextLength)
        {
            return null;
        }

        if (
            password.Contains('\0', StringComparison.Ordinal)
            || setting.Contains('\0', StringComparison.Ordinal)
            || !Ascii.IsValid(setting)
        )
        {
            return null;
        }

        var data = (byte*)NativeMemory.AllocZeroed(DataLength);
        byte[] key = [];
        try
        {
            key = new byte[StrictUtf8.GetByteCount(password) + 1];
            StrictUtf8.GetBytes(password, key);
            var hashed = Marshal.PtrToStringUTF8(crypt_r(key, Encoding.ASCII.GetBytes(setting + '\0'), (nint)data));
            // Failure is null or, in builds that never return null, a text starting with an asterisk.
            return hashed is null or ['*', ..] ? null : hashed;
        }
        catch (EncoderFallbackException)
        {
            return null;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
            NativeMemory.Clear(data, DataLength);
            NativeMemory.Free(data);
        }
    }

    [LibraryImport(NativeParts.Crypt)]
    private static partial nint crypt_r(ReadOnlySpan<byte> key, ReadOnlySpan<byte> setting, nint data);
}
