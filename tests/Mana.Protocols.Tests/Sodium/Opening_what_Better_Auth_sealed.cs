using System.Security.Cryptography;
using System.Text;
using Mana.Protocols.Sodium;

namespace Mana.Protocols.Tests.Sodium;

public sealed class Opening_what_Better_Auth_sealed
{
    private const string TotpCiphertext =
        "784b3df4e9c0da1ea1f087191af068b63b8f7f9b0d963cafe5248938bf913d20b9b94076f188a9cb835ee9901661047ca3b0706ee13307ef221d23d85f24bf5d118a6c6685f7247c";

    private static readonly byte[] Key = SHA256.HashData("test-secret-0123456789-abcdefghij-KLMNOPQRST"u8);

    // Recorded from the running reference server: nonce, ciphertext and tag.
    [Theory]
    [InlineData(TotpCiphertext, "Ig_gsYv0AiiZEblFPnE5h_i57b_GiASJ")]
    [InlineData(
        "9edb27bd5f66bade38f257d97682b8a3b2723e1c16e6625258ba06de07a81a0317ace4f555b3ce084846961ca6f94d8835243207d649ebbaffd6556abbcf9e5b3036cdb188bef0b4b72fbbf650ee45e001dd420eebecb7ad11d6f6daa5d6bbb886a9b21834ce696d08ab7df429afd4833e986a8d03abf05c26881deabc3785fd506b82dd311c08e1f8c89798672cb514148e93ce3c9272aa660ca4741d4c7ac65c6072c1e0be1ac192",
        """{"crv":"Ed25519","d":"qoEUylLZAAdAhN0wxXUz7F68VWHwUhetp5FYHRiAgOw","x":"eu2lRAlsuSCUKqOJsYNKNp3Lc73MFqt4AxFJ4WTmwTc","kty":"OKP"}"""
    )]
    public void The_recorded_secrets_open(string stored, string plaintext)
    {
        var bytes = Convert.FromHexString(stored);
        var opened = new byte[bytes.Length - 40];

        Assert.True(XChaCha20Poly1305.Open(Key, bytes.AsSpan(0, 24), bytes.AsSpan(24), [], opened));
        Assert.Equal(plaintext, Encoding.UTF8.GetString(opened));
    }

    [Fact]
    public void The_recorded_secret_comes_out_again_when_sealed_with_its_nonce()
    {
        var nonce = Convert.FromHexString(TotpCiphertext[..48]);
        var made = new byte[32 + 16];

        XChaCha20Poly1305.Seal(Key, nonce, "Ig_gsYv0AiiZEblFPnE5h_i57b_GiASJ"u8, [], made);

        Assert.Equal(TotpCiphertext[48..], Convert.ToHexStringLower(made));
    }

    [Fact]
    public void A_changed_byte_or_other_associated_data_does_not_open()
    {
        var bytes = Convert.FromHexString(TotpCiphertext);
        var opened = new byte[bytes.Length - 40];

        Assert.False(XChaCha20Poly1305.Open(Key, bytes.AsSpan(0, 24), bytes.AsSpan(24), "other"u8, opened));
        bytes[30] ^= 1;
        Assert.False(XChaCha20Poly1305.Open(Key, bytes.AsSpan(0, 24), bytes.AsSpan(24), [], opened));
        Assert.False(XChaCha20Poly1305.Open(Key, bytes.AsSpan(0, 24), new byte[15], [], []));
    }

    [Fact]
    public void Keys_and_nonces_of_other_lengths_are_refused()
    {
        Assert.Throws<ArgumentException>(() => XChaCha20Poly1305.Seal(new byte[31], new byte[24], [], [], new byte[16]));
        Assert.Throws<ArgumentException>(() => XChaCha20Poly1305.Seal(new byte[32], new byte[12], [], [], new byte[16]));
        Assert.Throws<ArgumentException>(() => XChaCha20Poly1305.Seal(new byte[32], new byte[24], [], [], new byte[15]));
        Assert.Throws<ArgumentException>(() => XChaCha20Poly1305.Open(new byte[32], new byte[24], new byte[20], [], new byte[5]));
    }
}
