using System.Text;
using Mana.Protocols.Jose;

namespace Mana.Protocols.Tests.Jose;

/// <summary>Every payload here is rightly signed; only what it says is wrong.</summary>
public sealed class Attacking_the_claims_of_a_token
{
    public static TheoryData<string> Unreadable =>
        [
            Forge.Payload.Replace("{\"sub\"", "{\"sub\":\"user-2\",\"sub\"", StringComparison.Ordinal),
            Forge.Payload.Replace("{\"sub\"", "{\"s\\u0075b\":\"user-2\",\"sub\"", StringComparison.Ordinal),
            Forge.Payload.Replace("\"iss\"", "\"exp\":1895241350,\"iss\"", StringComparison.Ordinal),
            Forge.Payload.Replace("{", "{\"nbf\":1795240450,", StringComparison.Ordinal),
            Forge.Payload.Replace("{", "{\"admin\":true,", StringComparison.Ordinal),
            Forge.Payload.Replace("\"sub\":\"user-1\",", "", StringComparison.Ordinal),
            Forge.Payload.Replace("\"user-1\"", "\"\"", StringComparison.Ordinal),
            Forge.Payload.Replace("\"user-1\"", "1", StringComparison.Ordinal),
            Forge.Payload.Replace("\"user-1\"", "null", StringComparison.Ordinal),
            Forge.Payload.Replace("\"user-1\"", "\"\\ud800\"", StringComparison.Ordinal),
            Forge.Payload.Replace("\"session-1\"", "\"\"", StringComparison.Ordinal),
            Forge.Payload.Replace("\"session-1\"", "[\"session-1\"]", StringComparison.Ordinal),
            Forge.Payload.Replace("\"role\":\"user\",", "", StringComparison.Ordinal),
            Forge.Payload.Replace("\"user\"", "{\"a\":{\"a\":1}}", StringComparison.Ordinal),
            Forge.Payload.Replace("\"email\":\"ada@example.com\",", "", StringComparison.Ordinal),
            Forge.Payload.Replace("\"iat\":1795240450,", "", StringComparison.Ordinal),
            Forge.Payload.Replace("\"exp\":1795241350,", "", StringComparison.Ordinal),
            Forge.Payload.Replace("1795241350", "\"1795241350\"", StringComparison.Ordinal),
            Forge.Payload.Replace("1795241350", "1795241350.0", StringComparison.Ordinal),
            Forge.Payload.Replace("1795241350", "1e400", StringComparison.Ordinal),
            Forge.Payload.Replace("1795241350", "1.795e10", StringComparison.Ordinal),
            Forge.Payload.Replace("1795241350", "-1", StringComparison.Ordinal),
            Forge.Payload.Replace("1795241350", "01795241350", StringComparison.Ordinal),
            Forge.Payload.Replace("1795241350", "253402300800", StringComparison.Ordinal),
            Forge.Payload.Replace("1795241350", "9223372036854775808", StringComparison.Ordinal),
            Forge.Payload.Replace("1795241350", "NaN", StringComparison.Ordinal),
            "\uFEFF" + Forge.Payload,
            Forge.Payload + "x",
            Forge.Payload + Forge.Payload,
            "[" + Forge.Payload + "]",
            Forge.Payload[..^1],
            Forge.Payload.Replace("}", ",}", StringComparison.Ordinal),
            Forge.Payload.Replace("{", "{/**/", StringComparison.Ordinal),
            Forge.Payload.Replace('"', '\''),
            Forge.Payload.Replace("\"user\"", new string('[', 1000) + new string(']', 1000), StringComparison.Ordinal),
            "{}",
            "[]",
            "null",
            "1",
        ];

    [Theory]
    [MemberData(nameof(Unreadable))]
    public void JWT_08_JWT_12_a_rightly_signed_payload_that_is_not_ours_is_refused_without_an_exception(string payload) =>
        Assert.NotEqual(TokenFault.None, Forge.Ask(Forge.Sign(Forge.Header, payload)));

    [Fact]
    public void JWT_12_a_payload_that_is_no_UTF8_is_refused()
    {
        var bytes = Encoding.UTF8.GetBytes(Forge.Payload);
        bytes[Forge.Payload.IndexOf("ada", StringComparison.Ordinal)] = 0xFF;

        Assert.Equal(TokenFault.Malformed, Forge.Ask(Forge.SignBytes(Forge.Header, bytes)));
    }

    [Theory]
    [InlineData("\"aud\":[\"manacore\"]")]
    [InlineData("\"aud\":[\"manacore\",\"other\"]")]
    [InlineData("\"aud\":null")]
    [InlineData("\"aud\":{\"manacore\":1}")]
    public void JWT_09_an_audience_must_be_one_string(string audience) =>
        Assert.Equal(
            TokenFault.InvalidAudience,
            Forge.Ask(Forge.Sign(Forge.Header, Forge.Payload.Replace("\"aud\":\"manacore\"", audience, StringComparison.Ordinal)))
        );

    [Fact]
    public void JWT_09_missing_issuer_and_audience_are_named()
    {
        Assert.Equal(
            TokenFault.InvalidIssuer,
            Forge.Ask(Forge.Sign(Forge.Header, Forge.Payload.Replace("\"iss\":\"manacore\",", "", StringComparison.Ordinal)))
        );
        Assert.Equal(
            TokenFault.InvalidAudience,
            Forge.Ask(Forge.Sign(Forge.Header, Forge.Payload.Replace(",\"aud\":\"manacore\"", "", StringComparison.Ordinal)))
        );
    }
}
