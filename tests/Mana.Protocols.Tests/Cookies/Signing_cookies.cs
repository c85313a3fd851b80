using FsCheck;
using FsCheck.Fluent;
using Mana.Protocols.Cookies;

namespace Mana.Protocols.Tests.Cookies;

public sealed class Signing_cookies
{
    private const string Token = "ClBDV7i58h65UFyd3K7SazyOPf3hCLBX";
    private const string Signed = Token + ".bZ4TEuOpJ0WOXMRGedoeD99ktc92vB72e/7QqFhwCK4=";
    private const string Encoded = Token + ".bZ4TEuOpJ0WOXMRGedoeD99ktc92vB72e%2F7QqFhwCK4%3D";

    private static ReadOnlySpan<byte> Key => "test-secret-0123456789-abcdefghij-KLMNOPQRST"u8;

    // Recorded from the running reference server.
    [Theory]
    [InlineData(Token, "bZ4TEuOpJ0WOXMRGedoeD99ktc92vB72e/7QqFhwCK4=")]
    [InlineData("true", "J360iGZcpb9geUzLTTVV2HNTl0ZHboSoCWk/k9RNqnw=")]
    [InlineData("2fa-4FA1psrf0pzuTLFe3-CK", "NgkTzPF6j5w5RoEivCVnAIgJanSTbH2bI6E/BT2p5UQ=")]
    [InlineData(
        "JQoUDO2r-Q5tIwiDJlN5DYQnHX_BhHfEv0pPBUyfLVk!trust-device-imWE0EzgUv0Hi5bBQGMUWyoNrg1kDzlv",
        "DdtIlitDIltU2p8EDGsTPquZlH0I+dMdmvTDj9osMD4="
    )]
    public void The_recorded_signatures_come_out_and_open(string payload, string signature)
    {
        Assert.Equal($"{payload}.{signature}", SignedCookie.Sign(payload, Key));
        Assert.Equal(payload, SignedCookie.Open($"{payload}.{signature}", Key));
    }

    [Theory]
    [InlineData(Signed)]
    [InlineData(Encoded)]
    [InlineData("\"" + Signed + "\"")]
    [InlineData("\"" + Encoded + "\"")]
    [InlineData("%43lBDV7i58h65UFyd3K7SazyOPf3hCLBX.bZ4TEuOpJ0WOXMRGedoeD99ktc92vB72e%2f7QqFhwCK4%3d")]
    public void A_cookie_opens_encoded_raw_and_quoted(string value) => Assert.Equal(Token, SignedCookie.Open(value, Key));

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("\"")]
    [InlineData("\"\"")]
    [InlineData(Token)]
    [InlineData(Token + ".")]
    [InlineData(".bZ4TEuOpJ0WOXMRGedoeD99ktc92vB72e/7QqFhwCK4=")]
    [InlineData(Token + ".bZ4TEuOpJ0WOXMRGedoeD99ktc92vB72e/7QqFhwCK4")]
    [InlineData(Token + ".bZ4TEuOpJ0WOXMRGedoeD99ktc92vB72e/7QqFhwCK4==")]
    [InlineData(Token + ".bZ4TEuOpJ0WOXMRGedoeD99ktc92vB72e_7QqFhwCK4=")]
    [InlineData(Token + ".bZ4TEuOpJ0WOXMRGedoeD99ktc92vB72e/7QqFhwCK5=")]
    [InlineData(Token + ".aZ4TEuOpJ0WOXMRGedoeD99ktc92vB72e/7QqFhwCK4=")]
    [InlineData("X" + Signed)]
    [InlineData(Signed + ".bZ4TEuOpJ0WOXMRGedoeD99ktc92vB72e/7QqFhwCK4=")]
    [InlineData(Token + ".bZ4TEuOpJ0WOXMRGedoeD99ktc92vB72e%2G7QqFhwCK4%3D")]
    [InlineData(Token + ".bZ4TEuOpJ0WOXMRGedoeD99ktc92vB72e%2F7QqFhwCK4%3")]
    [InlineData(Token + ".bZ4TEuOpJ0WOXMRGedoeD99ktc92vB72e%252F7QqFhwCK4%253D")]
    [InlineData("%FF%FE")]
    [InlineData("\uD800.bZ4TEuOpJ0WOXMRGedoeD99ktc92vB72e/7QqFhwCK4=")]
    [InlineData("%\uD800.bZ4TEuOpJ0WOXMRGedoeD99ktc92vB72e/7QqFhwCK4=")]
    [InlineData("ClBDV7i58h65UFyd3K7SazyOPf3hCLBX.ééééééééééééééééééééééééééééééééééééééééééé=")]
    public void Anything_else_counts_as_missing(string value) => Assert.Null(SignedCookie.Open(value, Key));

    [Fact]
    public void Nothing_is_no_payload_even_when_rightly_signed() => Assert.Null(SignedCookie.Open(SignedCookie.Sign("", Key), Key));

    [Fact]
    public void Another_secret_or_an_endless_value_opens_nothing()
    {
        Assert.Null(SignedCookie.Open(Signed, "another secret"u8));
        Assert.Null(SignedCookie.Open(SignedCookie.Sign(new string('x', 5000), Key), Key));
    }

    [Fact]
    public void Every_payload_survives_signing_setting_and_reading()
    {
        var payloads = Gen.Choose(0x20, 0x24FF).Select(code => (char)code).NonEmptyListOf().Select(letters => new string([.. letters]));

        Prop.ForAll(
                payloads.ToArbitrary(),
                payload =>
                {
                    var header = new SetCookie("mana.session_token", SignedCookie.Sign(payload, Key)).ToString();
                    var sent = "a=b; " + header.Split(';')[0];
                    return SignedCookie.Open(CookieHeader.First(sent, "mana.session_token")!, Key) == payload;
                }
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(500));
    }

    [Fact]
    public void No_changed_character_opens_as_another_payload()
    {
        var changes =
            from position in Gen.Choose(0, Signed.Length - 1)
            from letter in Gen.Choose(0x20, 0x7E).Select(code => (char)code)
            where Signed[position] != letter
            select Signed[..position] + letter + Signed[(position + 1)..];

        Prop.ForAll(changes.ToArbitrary(), changed => SignedCookie.Open(changed, Key) is null)
            .Check(Config.QuickThrowOnFailure.WithMaxTest(2000));
    }

    [Fact]
    public void The_signature_covers_the_bytes_of_the_payload() =>
        Assert.NotEqual(SignedCookie.Sign("a", Key), SignedCookie.Sign("a", "other"u8), StringComparer.Ordinal);
}
