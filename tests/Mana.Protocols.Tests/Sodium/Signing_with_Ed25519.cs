using Mana.Protocols.Sodium;

namespace Mana.Protocols.Tests.Sodium;

public sealed class Signing_with_Ed25519
{
    // RFC 8032, 7.1, tests 1 to 3: seed, public key, message, signature.
    public static TheoryData<string, string, string, string> Rfc8032 =>
        new()
        {
            {
                "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
                "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
                "",
                "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"
            },
            {
                "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
                "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
                "72",
                "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
            },
            {
                "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
                "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
                "af82",
                "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"
            },
        };

    // The eight points of small order, and their two encodings with y at or above the field's prime.
    public static TheoryData<string> WeakKeys =>
        [
            "0100000000000000000000000000000000000000000000000000000000000000",
            "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
            "0000000000000000000000000000000000000000000000000000000000000080",
            "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
            "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
            "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
            "0000000000000000000000000000000000000000000000000000000000000000",
            "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
            "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
            "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
            // y = p + 3: on the curve, not of small order, but its canonical spelling is 0300…
            "f0ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
            // y = 2 is on no point of the curve.
            "0200000000000000000000000000000000000000000000000000000000000000",
        ];

    [Theory]
    [MemberData(nameof(Rfc8032))]
    public void JWT_13_the_published_vectors_come_out_byte_for_byte(string seed, string publicKey, string message, string signature)
    {
        using var key = Ed25519Key.FromSeed(Convert.FromHexString(seed));
        var made = new byte[64];

        key.Sign(Convert.FromHexString(message), made);

        Assert.Equal(publicKey, Convert.ToHexStringLower(key.PublicKey.Span));
        Assert.Equal(signature, Convert.ToHexStringLower(made));
        Assert.True(Ed25519.Verify(key.PublicKey.Span, Convert.FromHexString(message), made));
    }

    [Fact]
    public void The_signed_example_of_RFC_8037_verifies()
    {
        var publicKey = Convert.FromHexString("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
        var signed = "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc"u8;
        var signature = System.Buffers.Text.Base64Url.DecodeFromChars(
            "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg"
        );

        Assert.True(Ed25519.Verify(publicKey, signed, signature));
    }

    [Fact]
    public void JWT_13_every_single_flipped_bit_of_the_signature_is_refused()
    {
        var (publicKey, message, signature) = Signed();

        for (var bit = 0; bit < 512; bit++)
        {
            var changed = signature.ToArray();
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.False(Ed25519.Verify(publicKey, message, changed), $"bit {bit}");
        }
    }

    [Fact]
    public void JWT_13_a_signature_with_the_group_order_added_to_S_is_refused()
    {
        var (publicKey, message, signature) = Signed();
        var order = Convert.FromHexString("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010");
        var carry = 0;
        for (var i = 0; i < 32; i++)
        {
            carry += signature[32 + i] + order[i];
            signature[32 + i] = (byte)carry;
            carry >>= 8;
        }

        Assert.False(Ed25519.Verify(publicKey, message, signature));
    }

    [Theory]
    [InlineData(
        "01000000000000000000000000000000000000000000000000000000000000008b6270b76df18316a00ec5289018ab8ab84c680e3190fb4f523b08d7190f3708"
    )]
    [InlineData(
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f70e6c94fdc93e8d788cb0f3cd594d597a5150393cb13b8b2a68c1c42c0d2af08"
    )]
    public void JWT_13_a_signature_whose_R_is_the_neutral_point_is_refused_though_the_equation_holds(string signature)
    {
        var publicKey = Convert.FromHexString("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c");

        Assert.False(Ed25519.Verify(publicKey, "mana"u8, Convert.FromHexString(signature)));
    }

    [Fact]
    public void The_neutral_point_as_a_key_accepts_no_signature_though_the_equation_holds_for_every_message()
    {
        var neutral = Convert.FromHexString("0100000000000000000000000000000000000000000000000000000000000000");
        var signature = Convert.FromHexString(
            "ef4f62f8479733ad879cfaced3c89a9c39dd4fc795ef2efa1c3eafe4d729a0813930000000000000000000000000000000000000000000000000000000000000"
        );

        Assert.False(Ed25519.Verify(neutral, "anything"u8, signature));
        Assert.False(Ed25519.Verify(neutral, "anything else"u8, signature));
    }

    [Theory]
    [MemberData(nameof(WeakKeys))]
    public void JWT_13_a_small_order_or_non_canonical_key_is_no_public_key(string weak) =>
        Assert.False(Ed25519.IsPublicKey(Convert.FromHexString(weak)));

    [Fact]
    public void A_generated_key_is_a_public_key()
    {
        using var key = Ed25519Key.FromSeed(Ed25519Key.NewSeed());

        Assert.True(Ed25519.IsPublicKey(key.PublicKey.Span));
    }

    [Theory]
    [InlineData(31, 64)]
    [InlineData(33, 64)]
    [InlineData(32, 63)]
    [InlineData(32, 65)]
    [InlineData(0, 0)]
    public void Wrong_lengths_are_false_and_never_throw(int keyLength, int signatureLength) =>
        Assert.False(Ed25519.Verify(new byte[keyLength], "m"u8, new byte[signatureLength]));

    [Fact]
    public void A_seed_of_another_length_is_refused() => Assert.Throws<ArgumentException>(() => Ed25519Key.FromSeed(new byte[31]));

    [Fact]
    public void A_disposed_key_signs_nothing()
    {
        var key = Ed25519Key.FromSeed(Ed25519Key.NewSeed());
        key.Dispose();

        Assert.Throws<ObjectDisposedException>(() => key.Sign("m"u8, new byte[64]));
    }

    [Fact]
    public void Disposing_while_others_sign_gives_right_signatures_or_an_exception_but_never_a_wrong_one()
    {
        for (var round = 0; round < 20; round++)
        {
            var key = Ed25519Key.FromSeed(Ed25519Key.NewSeed());
            var publicKey = key.PublicKey.ToArray();
            var started = new CountdownEvent(4);
            var signers = Enumerable.Range(0, 4).Select(_ => new Thread(() => SignUntilDisposed(key, publicKey, started))).ToList();
            signers.ForEach(signer => signer.Start());
            started.Wait();
            key.Dispose();
            signers.ForEach(signer => signer.Join());
        }

        Assert.Empty(wrong);
    }

    private readonly System.Collections.Concurrent.ConcurrentBag<string> wrong = [];

    private void SignUntilDisposed(Ed25519Key key, byte[] publicKey, CountdownEvent started)
    {
        var signature = new byte[64];
        started.Signal();
        try
        {
            while (true)
            {
                key.Sign("the same message"u8, signature);
                if (!Ed25519.Verify(publicKey, "the same message"u8, signature))
                {
                    wrong.Add(Convert.ToHexString(signature));
                }
            }
        }
        catch (ObjectDisposedException)
        {
            // The end every signer comes to.
        }
    }

    private static (byte[] PublicKey, byte[] Message, byte[] Signature) Signed()
    {
        using var key = Ed25519Key.FromSeed(Convert.FromHexString("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"));
        var signature = new byte[64];
        var message = "three hundred bytes would do as well"u8.ToArray();
        key.Sign(message, signature);
        return (key.PublicKey.ToArray(), message, signature);
    }
}
