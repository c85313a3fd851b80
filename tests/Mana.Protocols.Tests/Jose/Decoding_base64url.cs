using System.Buffers.Text;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Mana.Protocols.Jose;

namespace Mana.Protocols.Tests.Jose;

public sealed class Decoding_base64url
{
    [Theory]
    [InlineData("A")]
    [InlineData("AAAAA")]
    [InlineData("AA==")]
    [InlineData("AA=")]
    [InlineData("AAA=")]
    [InlineData("A A")]
    [InlineData(" AA")]
    [InlineData("AA\n")]
    [InlineData("A+/A")]
    [InlineData("AB")]
    [InlineData("AAB")]
    [InlineData("A_")]
    [InlineData("é")]
    public void What_RFC_7515_would_not_write_is_refused(string text) =>
        Assert.False(StrictBase64Url.TryDecode(Encoding.UTF8.GetBytes(text), new byte[64], out _));

    [Fact]
    public void Everything_the_framework_encodes_comes_back() =>
        Prop.ForAll<byte[]>(bytes =>
            {
                var output = new byte[bytes.Length + 3];
                return StrictBase64Url.TryDecode(Encoding.ASCII.GetBytes(Base64Url.EncodeToString(bytes)), output, out var length)
                    && output.AsSpan(0, length).SequenceEqual(bytes);
            })
            .Check(Config.QuickThrowOnFailure.WithMaxTest(1000));

    [Fact]
    public void No_two_texts_decode_to_the_same_bytes() =>
        Prop.ForAll(
                Gen.Elements("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".ToCharArray())
                    .ArrayOf()
                    .Select(letters => new string(letters))
                    .ToArbitrary(),
                text =>
                {
                    var output = new byte[text.Length + 3];
                    return !StrictBase64Url.TryDecode(Encoding.ASCII.GetBytes(text), output, out var length)
                        || Base64Url.EncodeToString(output.AsSpan(0, length)) == text;
                }
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(2000));

    [Fact]
    public void An_output_that_is_too_small_is_no_crash() => Assert.False(StrictBase64Url.TryDecode("AAAA"u8, new byte[2], out _));
}
