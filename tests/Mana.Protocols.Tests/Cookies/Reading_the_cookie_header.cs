using Mana.Protocols.Cookies;

namespace Mana.Protocols.Tests.Cookies;

public sealed class Reading_the_cookie_header
{
    [Theory]
    [InlineData("mana.session_token=abc", "abc")]
    [InlineData("a=1; mana.session_token=abc; b=2", "abc")]
    [InlineData("a=1;mana.session_token=abc;b=2", "abc")]
    [InlineData("  mana.session_token =  abc  ;", "abc")]
    [InlineData("mana.session_token=first; mana.session_token=second", "first")]
    [InlineData("mana.session_token=; mana.session_token=second", "")]
    [InlineData("mana.session_token=a=b==", "a=b==")]
    [InlineData("mana.session_token=\"quoted\"", "\"quoted\"")]
    [InlineData("mana.session_token=a%2Fb", "a%2Fb")]
    [InlineData("mana.session_token=a,b", "a,b")]
    [InlineData("broken; =nameless; mana.session_token=abc", "abc")]
    [InlineData(";;; ; mana.session_token=abc", "abc")]
    [InlineData("{\"json\":[1;2]}; \u0001=\u0002; ü=ö; mana.session_token=abc", "abc")]
    [InlineData("x=\"open quote; mana.session_token=abc", "abc")]
    [InlineData("mana.session_tokenx=1; xmana.session_token=2", null)]
    [InlineData("__Secure-mana.session_token=abc", null)]
    [InlineData("MANA.SESSION_TOKEN=abc", null)]
    [InlineData("mana.session_token", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    public void The_first_cookie_of_the_name_counts_and_a_malformed_one_hides_nothing(string? header, string? expected) =>
        Assert.Equal(expected, CookieHeader.First(header, "mana.session_token"));

    [Fact]
    public void All_values_of_a_name_come_in_order()
    {
        Assert.Equal(["1", "", "3"], CookieHeader.All("a=1; b=2; a; a=; =x; a=3", "a"), StringComparer.Ordinal);
        Assert.Empty(CookieHeader.All(null, "a"));
    }

    [Fact]
    public void Cookies_whose_names_begin_alike_come_in_order()
    {
        Assert.Equal([("a_1", "1"), ("a_2", ""), ("a_1", "3")], CookieHeader.Beginning("b=0; a_1=1; A_1=x; a_2=; a=y; a_1=3", "a_"));
        Assert.Empty(CookieHeader.Beginning(null, "a_"));
    }

    [Fact]
    public void An_endless_header_counts_as_none()
    {
        var header = new string(';', 100_000) + "a=1";

        Assert.Null(CookieHeader.First(header, "a"));
        Assert.Empty(CookieHeader.All(header, "a"));
    }
}
