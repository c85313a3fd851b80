using System.Globalization;
using System.Numerics;
using Mana.Protocols.Sodium;

namespace Mana.Protocols.Tests.Sodium;

/// <summary>
/// JWT-13: inputs on which implementations of Ed25519 are known to differ. The first are the edge cases of "Taming the many EdDSAs" (IACR
/// 2020/1244), the others the families of special values that project Wycheproof tries.
/// </summary>
public sealed class Verifying_signatures_others_disagree_about
{
    private static readonly BigInteger Order =
        BigInteger.Pow(2, 252) + BigInteger.Parse("27742317777372353535851937790883648493", CultureInfo.InvariantCulture);

    private static readonly BigInteger Prime = BigInteger.Pow(2, 255) - 19;

    // Message, key, signature, and what makes the case: A is the key's point, R and S are the halves of the signature.
    public static TheoryData<string, string, string, string, bool> Edges =>
        new()
        {
            {
                "A and R of small order, S = 0",
                "8c93255d71dcab10e8f379c26200f3c7bd5f09d9bc3068d3ef4edeb4853022b6",
                "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
                "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a0000000000000000000000000000000000000000000000000000000000000000",
                false
            },
            {
                "A of small order",
                "9bd9f44f4dcc75bd531b56b2cd280b0bb38fc1cd6d1230e14861d861de092e79",
                "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
                "f7badec5b8abeaf699583992219b7b223f1df3fbbea919844e3f7c554a43dd43a5bb704786be79fc476f91d3f3f89b03984d8068dcf1bb7dfc6637b45450ac04",
                false
            },
            {
                "R of small order",
                "aebf3f2601a0c8c5d39cc7d8911642f740b78168218da8471772b35f9d35b9ab",
                "f7badec5b8abeaf699583992219b7b223f1df3fbbea919844e3f7c554a43dd43",
                "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa8c4bd45aecaca5b24fb97bc10ac27ac8751a7dfe1baff8b953ec9f5833ca260e",
                false
            },
            {
                "A and R of mixed order, and both equations hold",
                "9bd9f44f4dcc75bd531b56b2cd280b0bb38fc1cd6d1230e14861d861de092e79",
                "cdb267ce40c5cd45306fa5d2f29731459387dbf9eb933b7bd5aed9a765b88d4d",
                "9046a64750444938de19f227bb80485e92b83fdb4b6506c160484c016cc1852f87909e14428a7a1d62e9f22f3d3ad7802db02eb2e688b6c52fcd6648a98bd009",
                true
            },
            {
                "only the equation with the cofactor holds",
                "e47d62c63f830dc7a6851a0b1f33ae4bb2f507fb6cffec4011eaccd55b53f56c",
                "cdb267ce40c5cd45306fa5d2f29731459387dbf9eb933b7bd5aed9a765b88d4d",
                "160a1cb0dc9c0258cd0a7d23e94d8fa878bcb1925f2c64246b2dee1796bed5125ec6bc982a269b723e0668e540911a9a6a58921d6925e434ab10aa7940551a09",
                false
            },
            {
                "the same, if the hash is reduced too early",
                "e47d62c63f830dc7a6851a0b1f33ae4bb2f507fb6cffec4011eaccd55b53f56c",
                "cdb267ce40c5cd45306fa5d2f29731459387dbf9eb933b7bd5aed9a765b88d4d",
                "21122a84e0b5fca4052f5b1235c80a537878b38f3142356b2c2384ebad4668b7e40bc836dac0f71076f9abe3a53f9c03c1ceeeddb658d0030494ace586687405",
                false
            },
            {
                "S just above the order",
                "85e241a07d148b41e47d62c63f830dc7a6851a0b1f33ae4bb2f507fb6cffec40",
                "442aad9f089ad9e14647b1ef9099a1ff4798d78589e66f28eca69c11f582a623",
                "e96f66be976d82e60150baecff9906684aebb1ef181f67a7189ac78ea23b6c0e547f7690a0e2ddcd04d87dbc3490dc19b3b3052f7ff0538cb68afb369ba3a514",
                false
            },
            {
                "S far above the order",
                "85e241a07d148b41e47d62c63f830dc7a6851a0b1f33ae4bb2f507fb6cffec40",
                "442aad9f089ad9e14647b1ef9099a1ff4798d78589e66f28eca69c11f582a623",
                "8ce5b96c8f26d0ab6c47958c9e68b937104cd36e13c33566acd2fe8d38aa19427e71f98a473474f2f13f06f97c20d58cc3f54b8bd0d272f42b695dd7e89a8c22",
                false
            },
            {
                "R not canonical, hashed as it stands",
                "fdaebc429f4a735932a160da1301080c13280eea8bc280d1b392c6b9e6ba3a5a",
                "f7badec5b8abeaf699583992219b7b223f1df3fbbea919844e3f7c554a43dd43",
                "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f454d370c8d9fc323a41450f8d513eafeb5b0697390c1e505a0d4ddc71f566607",
                false
            },
            {
                "R not canonical, hashed as it should be",
                "84b698d39be126ff55fe45079e6c8bf64a0d7db6994560b4e96b7021eb39c1a1",
                "f7badec5b8abeaf699583992219b7b223f1df3fbbea919844e3f7c554a43dd43",
                "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f084d5b99c2a9463d9c8bd5026916996984eeec87ddf1d3be329006ace1b37b09",
                false
            },
        };

    [Theory]
    [MemberData(nameof(Edges))]
    public void JWT_13_the_edges_are_decided_strictly(string edge, string message, string key, string signature, bool isGood) =>
        Assert.True(
            isGood == Ed25519.Verify(Convert.FromHexString(key), Convert.FromHexString(message), Convert.FromHexString(signature)),
            edge
        );

    [Theory]
    [InlineData("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa")]
    [InlineData("f7badec5b8abeaf699583992219b7b223f1df3fbbea919844e3f7c554a43dd43")]
    [InlineData("cdb267ce40c5cd45306fa5d2f29731459387dbf9eb933b7bd5aed9a765b88d4d")]
    public void JWT_13_no_key_of_small_or_mixed_order_becomes_a_verification_key(string key) =>
        Assert.False(Ed25519.IsPublicKey(Convert.FromHexString(key)));

    [Fact]
    public void JWT_13_special_values_make_no_signature()
    {
        var key = Convert.FromHexString("7d4d0e7f6153a69b6242b522abbee685fda4420f8834b108c3bdae369ef549fa");
        BigInteger[] halvesR = [0, 1, Order, Prime];
        BigInteger[] halvesS = [0, 1, Order - 1, Order, Prime];

        foreach (var r in halvesR)
        {
            foreach (var s in halvesS)
            {
                Assert.False(Ed25519.Verify(key, "?"u8, [.. Bytes(r), .. Bytes(s)]), $"R = {r}, S = {s}");
            }
        }
    }

    [Fact]
    public void JWT_13_no_multiple_of_the_order_can_be_added_to_S()
    {
        using var key = Ed25519Key.FromSeed(Ed25519Key.NewSeed());
        var signature = new byte[Ed25519.SignatureLength];
        key.Sign("mana"u8, signature);
        var s = new BigInteger(signature.AsSpan(32), isUnsigned: true);

        for (var times = 1; s + times * Order < BigInteger.Pow(2, 256); times++)
        {
            byte[] raised = [.. signature[..32], .. Bytes(s + times * Order)];
            Assert.False(Ed25519.Verify(key.PublicKey.Span, "mana"u8, raised), $"{times} times the order");
        }
    }

    private static byte[] Bytes(BigInteger number)
    {
        var bytes = new byte[32];
        number.ToByteArray(isUnsigned: true).CopyTo(bytes, 0);

        return bytes;
    }
}
