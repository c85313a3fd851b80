using System.Buffers.Text;
using System.Text.Json;
using Mana.Protocols.Jose;

namespace Mana.Protocols.Tests.Jose;

public sealed class Minting_access_tokens
{
    [Fact]
    public void A_token_is_written_again_from_its_claims_and_its_signature()
    {
        var signature = new byte[64];

        var token = Forge.Signer.Mint(Forge.Claims, signature);

        Assert.Equal(Forge.Signer.Mint(Forge.Claims), token);
        Assert.Equal(token, Forge.Signer.Repeat(Forge.Claims, signature));
    }

    [Fact]
    public void The_token_is_byte_for_byte_what_npm_jose_signs_for_the_same_claims() =>
        Assert.Equal(
            "eyJhbGciOiJFZERTQSIsInR5cCI6IkpXVCIsImtpZCI6ImtleS0xIn0.eyJzdWIiOiJ1c2VyLTEiLCJlbWFpbCI6ImFkYUBleGFtcGxlLmNvbSIsInJvbGUiOiJ1c2VyIiwic2lkIjoic2Vzc2lvbi0xIiwiaWF0IjoxNzk1MjQwNDUwLCJleHAiOjE3OTUyNDEzNTAsImlzcyI6Im1hbmFjb3JlIiwiYXVkIjoibWFuYWNvcmUifQ.gdgqA372KE04L3ZW11cJpybK3QUi7JJEUJ79nIvyI8s-S82DOmuResbJQoyTma9AtByXrAnsqKvf9tPazb6lBA",
            Forge.Signer.Mint(Forge.Claims)
        );

    [Fact]
    public void Fractions_of_a_second_are_cut_off()
    {
        var token = Forge.Signer.Mint(Forge.Claims with { IssuedAt = Forge.IssuedAt.AddMilliseconds(999) });

        Assert.Equal(Forge.Signer.Mint(Forge.Claims), token);
    }

    [Theory]
    [InlineData("o'hara+spam&co@example.com")]
    [InlineData("quote\"back\\slash\u0000\u001f\n@example.com")]
    [InlineData("björn@bücher.example, 🔑, <b>")]
    [InlineData("")]
    public void Whatever_a_claim_says_comes_back_as_it_was(string email)
    {
        var claims = Forge.Claims with { Email = email };

        Assert.Equal(TokenFault.None, Forge.Ask(Forge.Signer.Mint(claims), Forge.IssuedAt, out var read));
        Assert.Equal(claims, read);
    }

    [Fact]
    public void Any_other_JSON_reader_reads_the_same()
    {
        var payload = Forge.Signer.Mint(Forge.Claims with { Email = "a\"b\\ü" }).Split('.')[1];
        using var json = JsonDocument.Parse(Base64Url.DecodeFromChars(payload));

        Assert.Equal(
            "sub email role sid iat exp iss aud",
            string.Join(' ', json.RootElement.EnumerateObject().Select(member => member.Name))
        );
        Assert.Equal("a\"b\\ü", json.RootElement.GetProperty("email").GetString());
    }

    [Theory]
    [InlineData(2900)]
    [InlineData(5000)]
    [InlineData(100_000)]
    public void Claims_that_no_verifier_would_read_are_not_minted(int length) =>
        Assert.Throws<ArgumentException>(() => Forge.Signer.Mint(Forge.Claims with { Email = new string('x', length) }));

    [Fact]
    public void The_longest_token_that_is_minted_is_verified()
    {
        var longest = Enumerable.Range(2500, 500).Last(length => Record.Exception(() => Mint(length)) is null);

        Assert.InRange(Mint(longest).Length, AccessTokens.MaxTokenLength - 4, AccessTokens.MaxTokenLength);
        Assert.Equal(TokenFault.None, Forge.Ask(Mint(longest)));

        static string Mint(int length) => Forge.Signer.Mint(Forge.Claims with { Email = new string('x', length) });
    }

    [Theory]
    [InlineData("")]
    [InlineData("kéy")]
    public void A_kid_is_plain_text(string kid) => Assert.Throws<ArgumentException>(() => new SigningKey(kid, Forge.Key));

    [Fact]
    public void Minting_allocates_the_token_and_nothing_else()
    {
        for (var i = 0; i < 1000; i++)
        {
            Forge.Signer.Mint(Forge.Claims);
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        var token = Forge.Signer.Mint(Forge.Claims);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.InRange(allocated, token.Length * sizeof(char), (token.Length * sizeof(char)) + 64);
    }

    [Fact]
    public void Many_threads_may_mint_with_one_key()
    {
        var expected = Forge.Signer.Mint(Forge.Claims);
        var tokens = new string[2000];

        Parallel.For(0, tokens.Length, i => tokens[i] = Forge.Signer.Mint(Forge.Claims));

        Assert.All(tokens, token => Assert.Equal(expected, token));
    }
}
