using Mana.Protocols.Passwords;
using Mana.Protocols.Sodium;

namespace Mana.Protocols.Tests.Sodium;

public sealed class Starting_with_the_native_library
{
    [Fact]
    public void The_self_test_passes() => Assert.Null(Record.Exception(SodiumLibrary.SelfTest));

    [Fact]
    public void Normalisation_works_here() => Assert.Null(Record.Exception(UnicodeSelfTest.Run));

    [Fact]
    public void A_missing_library_says_which_package_to_install() =>
        Assert.Contains("libsodium23", new SodiumMissingException().Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("", "", true)]
    [InlineData("abc", "abc", true)]
    [InlineData("abc", "abd", false)]
    [InlineData("abc", "ab", false)]
    [InlineData("", "a", false)]
    public void Constant_time_comparison_compares(string a, string b, bool equal) =>
        Assert.Equal(equal, ConstantTime.Equal(System.Text.Encoding.ASCII.GetBytes(a), System.Text.Encoding.ASCII.GetBytes(b)));
}
