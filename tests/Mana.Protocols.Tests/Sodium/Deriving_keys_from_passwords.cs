using System.Text;
using Mana.Protocols.Sodium;

namespace Mana.Protocols.Tests.Sodium;

public sealed class Deriving_keys_from_passwords
{
    // Made with npm @node-rs/argon2 2.2.1; the first also with OpenSSL 3.
    [Theory]
    [InlineData("password", "somesaltsomesalt", 64, 2, "1a98fba8e6394425c9bdc333a9c750aaf811df070f5fb4a5788e1cf4db5793a1")]
    [InlineData("correct horse", "0123456789abcdef", 19456, 2, "ae4d8c8b713876044c8347c76986a9b5655944aaacfffe9bea4dff9e7b6a1899")]
    [InlineData("", "0123456789abcdef", 4096, 3, "e7dd899502c6a8df7c3969843b0dd1e5")]
    public void Argon2id_gives_what_an_independent_implementation_gives(string password, string salt, int memoryKib, int passes, string tag)
    {
        var made = new byte[tag.Length / 2];

        Argon2id.Derive(Encoding.UTF8.GetBytes(password), Encoding.UTF8.GetBytes(salt), memoryKib, passes, made);

        Assert.Equal(tag, Convert.ToHexStringLower(made));
    }

    [Theory]
    [InlineData(15, 64, 1, 32)]
    [InlineData(16, 7, 1, 32)]
    [InlineData(16, 64, 0, 32)]
    [InlineData(16, 64, 1, 15)]
    public void Argon2id_refuses_what_the_library_cannot_do(int saltLength, int memoryKib, int passes, int length) =>
        Assert.ThrowsAny<ArgumentException>(() => Argon2id.Derive("p"u8, new byte[saltLength], memoryKib, passes, new byte[length]));

    // RFC 7914, section 12.
    [Theory]
    [InlineData(
        "",
        "",
        16,
        1,
        1,
        "77d6576238657b203b19ca42c18a0497f16b4844e3074ae8dfdffa3fede21442fcd0069ded0948f8326a753a0fc81f17e8d3e0fb2e0d3628cf35e20c38d18906"
    )]
    [InlineData(
        "password",
        "NaCl",
        1024,
        8,
        16,
        "fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b3731622eaf30d92e22a3886ff109279d9830dac727afb94a83ee6d8360cbdfa2cc0640"
    )]
    public void Scrypt_gives_the_vectors_of_its_RFC(string password, string salt, int n, int r, int p, string key)
    {
        var made = new byte[64];

        Scrypt.Derive(Encoding.UTF8.GetBytes(password), Encoding.UTF8.GetBytes(salt), n, r, p, made);

        Assert.Equal(key, Convert.ToHexStringLower(made));
    }

    [Fact]
    public void Scrypt_refuses_an_n_that_is_no_power_of_two() =>
        Assert.ThrowsAny<ArgumentException>(() => Scrypt.Derive("p"u8, "s"u8, 1000, 8, 1, new byte[32]));
}
