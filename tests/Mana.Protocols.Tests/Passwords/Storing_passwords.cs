using System.Text.RegularExpressions;
using Mana.Protocols.Passwords;

namespace Mana.Protocols.Tests.Passwords;

public sealed class Storing_passwords
{
    private static readonly Argon2Cost Cheap = new(MemoryKib: 64, Passes: 1);

    [Fact]
    public void The_default_cost_is_the_one_the_rulings_name()
    {
        var stored = StoredPassword.Create("password1234", new Argon2Cost());

        Assert.Matches(
            new Regex(
                @"\A\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}\z",
                RegexOptions.None,
                TimeSpan.FromSeconds(1)
            ),
            stored
        );
        Assert.Equal(PasswordMatch.Right, StoredPassword.Verify(stored, "password1234", new Argon2Cost()));
    }

    [Fact]
    public void The_same_password_is_stored_differently_each_time() =>
        Assert.NotEqual(StoredPassword.Create("password1234", Cheap), StoredPassword.Create("password1234", Cheap), StringComparer.Ordinal);

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("password1234")]
    [InlineData("пароль🔑")]
    [InlineData("with\0nul")]
    public void What_was_stored_verifies_and_its_neighbours_do_not(string password)
    {
        var stored = StoredPassword.Create(password, Cheap);

        Assert.Equal(PasswordMatch.Right, StoredPassword.Verify(stored, password, Cheap));
        Assert.Equal(PasswordMatch.Wrong, StoredPassword.Verify(stored, password + "x", Cheap));
        Assert.Equal(PasswordMatch.Wrong, StoredPassword.Verify(stored, password + "\0", Cheap));
        Assert.Equal(PasswordMatch.Wrong, StoredPassword.Verify(stored, "X" + password, Cheap));
    }

    [Fact]
    public void All_spellings_of_a_letter_are_one_password()
    {
        var stored = StoredPassword.Create("\uFB01\u2460\u00C5\u212B\U0001D4D0pw", Cheap);

        Assert.Equal(PasswordMatch.Right, StoredPassword.Verify(stored, "fi1\u00C5\u00C5Apw", Cheap));
        Assert.Equal(PasswordMatch.Right, StoredPassword.Verify(stored, "fi1A\u030AA\u030AApw", Cheap));
    }

    [Fact]
    public void A_lone_surrogate_cannot_be_stored_and_is_wrong_everywhere()
    {
        Assert.Throws<ArgumentException>(() => StoredPassword.Create("pass\uD800word", Cheap));
        Assert.All(
            Imported_passwords.OneOfEach,
            stored => Assert.Equal(PasswordMatch.Wrong, StoredPassword.Verify(stored, "\uDC00\uD800", Cheap))
        );
        Assert.Equal(PasswordMatch.Wrong, StoredPassword.Verify(StoredPassword.Create("\uFFFD", Cheap), "\uD800", Cheap));
    }

    [Fact]
    public void An_endless_password_is_refused_before_it_is_hashed()
    {
        var endless = new string('x', 1_000_000);

        Assert.Throws<ArgumentException>(() => StoredPassword.Create(endless, Cheap));
        Assert.All(
            Imported_passwords.OneOfEach,
            stored => Assert.Equal(PasswordMatch.Wrong, StoredPassword.Verify(stored, endless, Cheap))
        );
    }

    [Theory]
    [InlineData(128, 1)]
    [InlineData(64, 2)]
    [InlineData(32, 1)]
    public void Another_cost_makes_a_right_password_outdated(int memoryKib, int passes)
    {
        var stored = StoredPassword.Create("password1234", Cheap);

        Assert.Equal(PasswordMatch.RightButOutdated, StoredPassword.Verify(stored, "password1234", new Argon2Cost(memoryKib, passes)));
        Assert.Equal(PasswordMatch.Wrong, StoredPassword.Verify(stored, "password12345", new Argon2Cost(memoryKib, passes)));
    }

    [Theory]
    [InlineData(7, 1)]
    [InlineData(2_000_000, 1)]
    [InlineData(64, 0)]
    [InlineData(64, 11)]
    public void A_cost_outside_the_bounds_cannot_be_configured(int memoryKib, int passes) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new Argon2Cost(memoryKib, passes));
}
