using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Mana.Protocols.Sodium;

/// <summary>The C functions of libsodium as they are. The public faces beside this file check lengths; nothing else may call it.</summary>
internal static partial class Libsodium
{
    public const int Argon2idAlgorithm = 2;

    private static readonly Version OldestVersion = new(1, 0, 18);

    // After tier-up the JIT folds this field to a constant, so Ready() costs nothing on the hot path.
    private static readonly string? Fault = FindFault();

    /// <summary>Call before any function below.</summary>
    /// <exception cref="SodiumMissingException">The library is missing, too old or reduced.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Ready()
    {
        if (Fault is not null)
        {
            throw new SodiumMissingException(Fault);
        }
    }

    public static string VersionText => Marshal.PtrToStringUTF8(sodium_version_string()) ?? "";

    private static string? FindFault()
    {
        if (!NativeParts.Has(NativeParts.Sodium))
        {
            return "libsodium was not found.";
        }

        if (sodium_init() < 0)
        {
            return "libsodium could not be initialised.";
        }

        if (!Version.TryParse(VersionText, out var version) || version < OldestVersion)
        {
            return $"libsodium {VersionText} is too old.";
        }

        return sodium_library_minimal() == 0 ? null : "This libsodium is a minimal build without scrypt.";
    }

    [LibraryImport(NativeParts.Sodium)]
    private static partial int sodium_init();

    [LibraryImport(NativeParts.Sodium)]
    private static partial nint sodium_version_string();

    [LibraryImport(NativeParts.Sodium)]
    private static partial int sodium_library_minimal();

    [LibraryImport(NativeParts.Sodium)]
    internal static partial nint sodium_malloc(nuint size);

    [LibraryImport(NativeParts.Sodium)]
    internal static partial void sodium_free(nint memory);

    [LibraryImport(NativeParts.Sodium)]
    internal static partial int sodium_mprotect_readonly(nint memory);

    [LibraryImport(NativeParts.Sodium)]
    [SuppressGCTransition]
    internal static partial int sodium_memcmp(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b, nuint length);

    [LibraryImport(NativeParts.Sodium)]
    internal static partial int crypto_sign_seed_keypair(Span<byte> publicKey, nint secretKey, ReadOnlySpan<byte> seed);

    [LibraryImport(NativeParts.Sodium)]
    internal static partial int crypto_sign_detached(
        Span<byte> signature,
        nint signatureLength,
        ReadOnlySpan<byte> message,
        ulong messageLength,
        GuardedMemory secretKey
    );

    [LibraryImport(NativeParts.Sodium)]
    internal static partial int crypto_sign_verify_detached(
        ReadOnlySpan<byte> signature,
        ReadOnlySpan<byte> message,
        ulong messageLength,
        ReadOnlySpan<byte> publicKey
    );

    [LibraryImport(NativeParts.Sodium)]
    internal static partial int crypto_core_ed25519_is_valid_point(ReadOnlySpan<byte> point);

    [LibraryImport(NativeParts.Sodium)]
    internal static partial int crypto_pwhash(
        Span<byte> output,
        ulong outputLength,
        ReadOnlySpan<byte> password,
        ulong passwordLength,
        ReadOnlySpan<byte> salt,
        ulong passes,
        nuint memoryBytes,
        int algorithm
    );

    [LibraryImport(NativeParts.Sodium)]
    internal static partial int crypto_pwhash_argon2id_str_verify(
        ReadOnlySpan<byte> stored,
        ReadOnlySpan<byte> password,
        ulong passwordLength
    );

    [LibraryImport(NativeParts.Sodium)]
    internal static partial int crypto_pwhash_scryptsalsa208sha256_ll(
        ReadOnlySpan<byte> password,
        nuint passwordLength,
        ReadOnlySpan<byte> salt,
        nuint saltLength,
        ulong n,
        uint r,
        uint p,
        Span<byte> output,
        nuint outputLength
    );

    [LibraryImport(NativeParts.Sodium)]
    internal static partial int crypto_aead_xchacha20poly1305_ietf_encrypt(
        Span<byte> sealedText,
        nint sealedLength,
        ReadOnlySpan<byte> plaintext,
        ulong plaintextLength,
        ReadOnlySpan<byte> associated,
        ulong associatedLength,
        nint unusedSecretNonce,
        ReadOnlySpan<byte> nonce,
        ReadOnlySpan<byte> key
    );

    [LibraryImport(NativeParts.Sodium)]
    internal static partial int crypto_aead_xchacha20poly1305_ietf_decrypt(
        Span<byte> plaintext,
        nint plaintextLength,
        nint unusedSecretNonce,
        ReadOnlySpan<byte> sealedText,
        ulong sealedLength,
        ReadOnlySpan<byte> associated,
        ulong associatedLength,
        ReadOnlySpan<byte> nonce,
        ReadOnlySpan<byte> key
    );
}
