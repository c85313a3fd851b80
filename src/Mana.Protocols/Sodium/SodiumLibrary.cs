using System.Security.Cryptography;

namespace Mana.Protocols.Sodium;

/// <summary>What start-up asks of the native library before the first request is served.</summary>
public static class SodiumLibrary
{
    /// <summary>Known answers: a broken or replaced library must stop the process, not sign with it.</summary>
    /// <exception cref="InvalidOperationException">An answer was wrong.</exception>
    /// <exception cref="SodiumMissingException">The library is missing, too old or reduced.</exception>
    public static void SelfTest()
    {
        // RFC 8032, 7.1, test 2.
        var seed = Convert.FromHexString("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb");
        var expected = Convert.FromHexString(
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
        );
        var message = new byte[] { 0x72 };
        var signature = new byte[Ed25519.SignatureLength];
        using var key = Ed25519Key.FromSeed(seed);
        key.Sign(message, signature);
        Demand(signature.AsSpan().SequenceEqual(expected), "an Ed25519 signature is wrong");
        Demand(Ed25519.Verify(key.PublicKey.Span, message, expected), "a right Ed25519 signature is refused");

        AddGroupOrder(signature.AsSpan(32));
        Demand(!Ed25519.Verify(key.PublicKey.Span, message, signature), "a malleable Ed25519 signature is accepted");

        expected[0] ^= 1;
        Demand(!Ed25519.Verify(key.PublicKey.Span, message, expected), "a tampered Ed25519 signature is accepted");

        // Made with the reference implementation: argon2id, m=64 KiB, t=2, p=1.
        var tag = new byte[32];
        Argon2id.Derive("password"u8, "somesaltsomesalt"u8, memoryKib: 64, passes: 2, tag);
        var expectedTag = Convert.FromHexString("1a98fba8e6394425c9bdc333a9c750aaf811df070f5fb4a5788e1cf4db5793a1");
        Demand(CryptographicOperations.FixedTimeEquals(tag, expectedTag), "an Argon2id tag is wrong");
    }

    /// <summary>S + L verifies wherever S is not checked against its range (RFC 8032, 5.1.7).</summary>
    private static void AddGroupOrder(Span<byte> s)
    {
        var order = Convert.FromHexString("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010");
        var carry = 0;
        for (var i = 0; i < order.Length; i++)
        {
            carry += s[i] + order[i];
            s[i] = (byte)carry;
            carry >>= 8;
        }
    }

    private static void Demand(bool holds, string fault)
    {
        if (!holds)
        {
            throw new InvalidOperationException($"libsodium failed its self-test: {fault}.");
        }
    }
}
