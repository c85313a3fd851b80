using Mana.Protocols.Cookies;

namespace Mana.Protocols.Tests.Cookies;

public sealed class Setting_cookies
{
    [Fact]
    public void The_recorded_header_comes_out_byte_for_byte() =>
        Assert.Equal(
            "mana.session_token=ClBDV7i58h65UFyd3K7SazyOPf3hCLBX.bZ4TEuOpJ0WOXMRGedoeD99ktc92vB72e%2F7QqFhwCK4%3D; Max-Age=604800; Path=/; HttpOnly; SameSite=Lax",
            new SetCookie("mana.session_token", "ClBDV7i58h65UFyd3K7SazyOPf3hCLBX.bZ4TEuOpJ0WOXMRGedoeD99ktc92vB72e/7QqFhwCK4=")
            {
                MaxAge = TimeSpan.FromDays(7),
            }.ToString()
        );

    [Fact]
    public void The_attributes_stand_in_the_recorded_order() =>
        Assert.Equal(
            "__Secure-mana.state=x; Max-Age=300; Domain=.example.com; Path=/; HttpOnly; Secure; SameSite=None",
            new SetCookie("__Secure-mana.state", "x")
            {
                MaxAge = TimeSpan.FromSeconds(300.9),
                Domain = ".example.com",
                Secure = true,
                SameSite = "None",
            }.ToString()
        );

    [Fact]
    public void A_cookie_without_an_age_ends_with_the_browser() =>
        Assert.Equal("mana.dont_remember=true; Path=/; HttpOnly; SameSite=Lax", new SetCookie("mana.dont_remember", "true").ToString());

    // The right column is what Node 20 prints for encodeURIComponent.
    [Theory]
    [InlineData("AZaz09-_.!~*'()", "AZaz09-_.!~*'()")]
    [InlineData("a b;c,d\"e\\f", "a%20b%3Bc%2Cd%22e%5Cf")]
    [InlineData("+/=%&?#@:$", "%2B%2F%3D%25%26%3F%23%40%3A%24")]
    [InlineData("ü€🔑", "%C3%BC%E2%82%AC%F0%9F%94%91")]
    [InlineData("\r\nSet-Cookie: x=y\0", "%0D%0ASet-Cookie%3A%20x%3Dy%00")]
    public void Values_are_encoded_as_JavaScript_does(string value, string encoded) =>
        Assert.Equal($"n={encoded}; Path=/; HttpOnly; SameSite=Lax", new SetCookie("n", value).ToString());

    [Fact]
    public void Nothing_can_break_out_of_the_header()
    {
        Assert.Throws<ArgumentException>(() => new SetCookie("a;b", "x"));
        Assert.Throws<ArgumentException>(() => new SetCookie("a\r\nb", "x"));
        Assert.Throws<ArgumentException>(() => new SetCookie("a=b", "x"));
        Assert.Throws<ArgumentException>(() => new SetCookie("", "x"));
        Assert.Throws<ArgumentException>(() => new SetCookie("a", "x") { Domain = "example.com; Path=/x" });
        Assert.Throws<ArgumentException>(() => new SetCookie("a", "x") { Domain = "" });
        Assert.Throws<ArgumentException>(() => new SetCookie("a", "x") { SameSite = "lax" });
        Assert.Throws<ArgumentOutOfRangeException>(() => new SetCookie("a", "x") { MaxAge = TimeSpan.FromDays(401) });
        Assert.Throws<ArgumentOutOfRangeException>(() => new SetCookie("a", "x") { MaxAge = TimeSpan.FromSeconds(-1) });
        Assert.ThrowsAny<ArgumentException>(() => new SetCookie("a", "\uD800").ToString());
    }
}
