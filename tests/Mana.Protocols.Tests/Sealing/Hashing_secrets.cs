using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Mana.Protocols.Sealing;

namespace Mana.Protocols.Tests.Sealing;

public sealed class Hashing_secrets
{
    private static readonly byte[] Root = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];

    // RFC 5869, A.1 and A.3: what the framework's HKDF must give, since every key of ours comes out of it.
    [Theory]
    [InlineData(
        "0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b",
        "000102030405060708090a0b0c",
        "f0f1f2f3f4f5f6f7f8f9",
        "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865"
    )]
    [InlineData(
        "0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b",
        "",
        "",
        "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8"
    )]
    public void Key_derivation_gives_the_vectors_of_its_RFC(string ikm, string salt, string info, string expected)
    {
        var made = HKDF.DeriveKey(
            HashAlgorithmName.SHA256,
            Convert.FromHexString(ikm),
            expected.Length / 2,
            Convert.FromHexString(salt),
            Convert.FromHexString(info)
        );

        Assert.Equal(expected, Convert.ToHexStringLower(made));
    }

    // Made with Python's cryptography: HMAC-SHA256 under HKDF-SHA256(root, no salt, "mana/session/v1").
    [Fact]
    public void A_hash_made_elsewhere_from_the_same_description_is_the_same() =>
        Assert.Equal(
            "8d648db2f3a3e3e029c240e7b42eee8cef18da2f019cc04b640200723291a6ea",
            Convert.ToHexStringLower(KeyedHash.From(Root, "session").Of("tökén"))
        );

    [Theory]
    [InlineData("")]
    [InlineData("ClBDV7i58h65UFyd3K7SazyOPf3hCLBX")]
    [InlineData("ü🔑")]
    public void Text_and_its_bytes_have_one_hash(string value)
    {
        var hash = KeyedHash.From(Root, "session");
        var made = new byte[32];

        hash.Of(Encoding.UTF8.GetBytes(value), made);

        Assert.Equal(made, hash.Of(value));
    }

    [Theory]
    [InlineData(100)]
    [InlineData(200)]
    [InlineData(10_000)]
    public void Long_text_is_hashed_whole(int length)
    {
        var hash = KeyedHash.From(Root, "session");
        var text = new string('€', length);

        Assert.Equal(HashOfBytes(hash, text), hash.Of(text));
        Assert.NotEqual(hash.Of(text), hash.Of(text + "x"));

        static byte[] HashOfBytes(KeyedHash hash, string text)
        {
            var made = new byte[32];
            hash.Of(Encoding.UTF8.GetBytes(text), made);
            return made;
        }
    }

    [Fact]
    public void Another_purpose_or_another_secret_gives_unrelated_hashes()
    {
        var hashes = new[] { KeyedHash.From(Root, "session"), KeyedHash.From(Root, "reset"), KeyedHash.From("other"u8, "session") };

        Assert.Equal(3, hashes.Select(hash => Convert.ToHexString(hash.Of("value"))).Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public void A_missing_secret_a_strange_purpose_and_a_short_output_are_refused()
    {
        Assert.Throws<ArgumentException>(() => KeyedHash.From([], "session"));
        Assert.Throws<ArgumentException>(() => KeyedHash.From(Root, ""));
        Assert.Throws<ArgumentException>(() => KeyedHash.From(Root, "a/b"));
        Assert.Throws<ArgumentException>(() => KeyedHash.From(Root, "session").Of("x"u8, new byte[31]));
    }

    [Fact]
    public void A_new_secret_has_43_letters_and_prints_as_asterisks()
    {
        var secret = Secret.New();

        Assert.Equal("***", secret.ToString());
        Assert.Equal("***", $"{secret}");
        Assert.Matches(new Regex(@"\A[A-Za-z0-9_-]{43}\z", RegexOptions.None, TimeSpan.FromSeconds(1)), secret.Reveal());
        Assert.NotEqual(secret.Reveal(), Secret.New().Reveal(), StringComparer.Ordinal);
    }

    [Fact]
    public void Random_text_uses_all_62_letters_and_digits_and_nothing_else()
    {
        var text = string.Concat(Enumerable.Range(0, 20).Select(_ => RandomText.Alphanumeric(1000)));

        Assert.Equal(62, text.Distinct().Count());
        Assert.All(text, letter => Assert.True(char.IsAsciiLetterOrDigit(letter)));
        Assert.Equal(32, RandomText.Alphanumeric(32).Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => RandomText.Alphanumeric(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => RandomText.Alphanumeric(1025));
    }
}
