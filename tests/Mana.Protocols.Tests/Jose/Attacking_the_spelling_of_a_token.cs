using System.Buffers.Text;
using Mana.Protocols.Jose;
using Mana.Protocols.Sodium;

namespace Mana.Protocols.Tests.Jose;

/// <summary>One token has one spelling.</summary>
public sealed class Attacking_the_spelling_of_a_token
{
    private static readonly string Genuine = Forge.Signer.Mint(Forge.Claims);

    public static TheoryData<string> Misspelt
    {
        get
        {
            var (header, payload, signature) = Genuine.Split('.') is [var h, var p, var s] ? (h, p, s) : default;
            return
            [
                "",
                ".",
                "..",
                "...",
                header,
                $"{header}.{payload}",
                $"{header}.{payload}.",
                $".{payload}.{signature}",
                $"{header}..{signature}",
                $"{Genuine}.",
                $".{Genuine}",
                $"{Genuine}.{signature}",
                $"{Genuine}.a.b",
                $"{Genuine}=",
                $"{Genuine}==",
                $" {Genuine}",
                $"{Genuine} ",
                $"{Genuine}\n",
                $"{Genuine}\0",
                $"{header}.{payload} .{signature}",
                $"{header}.{payload}.{signature[..40]} {signature[40..]}",
                $"{header}.{payload}.{signature.Replace('_', '/').Replace('-', '+')}",
                $"{header}.{payload}.é{signature}",
                Forge.SignSegments(header + "=", payload),
                Forge.SignSegments(header, payload + "="),
                Forge.SignSegments(header, payload + " "),
                Forge.SignSegments(header, payload + "A"),
                Forge.SignSegments("%", payload),
            ];
        }
    }

    [Theory]
    [MemberData(nameof(Misspelt))]
    public void JWT_11_a_token_in_any_other_spelling_is_refused(string token) => Assert.Equal(TokenFault.Malformed, Forge.Ask(token));

    [Fact]
    public void JWT_11_spare_bits_give_no_second_spelling()
    {
        // A signature of 64 bytes leaves four spare bits in its last letter: sixteen spellings for a lenient decoder.
        var other = Genuine[..^1] + (Genuine[^1] == 'A' ? 'B' : (char)(Genuine[^1] + 1));
        var sameToTheFramework = Base64Url.DecodeFromChars(Genuine.AsSpan(Genuine.LastIndexOf('.') + 1));

        Assert.Equal(64, sameToTheFramework.Length);
        Assert.Equal(TokenFault.Malformed, Forge.Ask(other));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(32)]
    [InlineData(63)]
    [InlineData(65)]
    [InlineData(128)]
    public void JWT_11_a_signature_of_another_length_is_no_signature(int length)
    {
        var bytes = new byte[length];
        var dot = Genuine.LastIndexOf('.');
        Base64Url.DecodeFromChars(Genuine.AsSpan(dot + 1)).AsSpan(0, Math.Min(64, length)).CopyTo(bytes);

        Assert.Equal(TokenFault.InvalidSignature, Forge.Ask($"{Genuine[..dot]}.{Base64Url.EncodeToString(bytes)}"));
    }

    [Fact]
    public void JWT_13_a_malleable_signature_is_refused()
    {
        var dot = Genuine.LastIndexOf('.');
        var signature = Base64Url.DecodeFromChars(Genuine.AsSpan(dot + 1));
        var order = Convert.FromHexString("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010");
        var carry = 0;
        for (var i = 0; i < 32; i++)
        {
            carry += signature[32 + i] + order[i];
            signature[32 + i] = (byte)carry;
            carry >>= 8;
        }

        Assert.Equal(TokenFault.InvalidSignature, Forge.Ask($"{Genuine[..dot]}.{Base64Url.EncodeToString(signature)}"));
    }

    [Fact]
    public void Another_ones_signature_is_refused()
    {
        using var attacker = Ed25519Key.FromSeed(Ed25519Key.NewSeed());

        Assert.Equal(TokenFault.InvalidSignature, Forge.Ask(new SigningKey(Forge.Kid, attacker).Mint(Forge.Claims)));
    }

    [Fact]
    public void JWT_11_a_token_over_four_kilobytes_is_not_even_read()
    {
        var padded = Forge.Payload.Replace("ada@", new string('a', 3000) + "@", StringComparison.Ordinal);

        Assert.Equal(TokenFault.Malformed, Forge.Ask(Forge.Sign(Forge.Header, padded)));
        Assert.Equal(TokenFault.Malformed, Forge.Ask(new string('a', 100_000)));
        Assert.Equal(TokenFault.Malformed, Forge.Ask(new string('.', 100_000)));
    }

    [Fact]
    public void Four_kilobytes_are_the_limit_even_when_all_else_is_right()
    {
        var tokens = Enumerable
            .Range(2780, 80)
            .Select(blanks => Forge.Sign(Forge.Header, Forge.Payload + new string(' ', blanks)))
            .ToList();

        Assert.Contains(tokens, token => token.Length is > 4090 and <= 4096);
        Assert.Contains(tokens, token => token.Length is > 4096 and < 4102);
        Assert.All(tokens, token => Assert.Equal(token.Length <= 4096 ? TokenFault.None : TokenFault.Malformed, Forge.Ask(token)));
    }
}
