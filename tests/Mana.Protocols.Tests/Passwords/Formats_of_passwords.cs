using Mana.Protocols.Passwords;

namespace Mana.Protocols.Tests.Passwords;

public sealed class Formats_of_passwords
{
    private static readonly Argon2Cost Current = new();

    public static readonly TheoryData<string, string> Known = new()
    {
        { Imported_passwords.OneOfEach[0], "argon2id m=19456,t=2,p=1" },
        { "$argon2id$v=19$m=8192,t=3,p=4$MDEyMzQ1Njc4OWFiY2RlZg$+/4c4ZgTv3lN1IsI/3nl954Y8BxuM4X6sdiFHfESoGY", "argon2id m=8192,t=3,p=4" },
        { Imported_passwords.OneOfEach[1], "scrypt" },
        { Imported_passwords.OneOfEach[2], "bcrypt 04" },
        { "$2y$12$abcdefghijklmnopqrstuuKaosRWrQ0lPX9tmHLqQ8hO55vFt6GY6", "bcrypt 12" },
        { Imported_passwords.OneOfEach[3], "pbkdf2 SHA512 100000 32" },
        { "AQAAAAAAAAPoAAAAEAABAgMEBQYHCAkKCwwNDg+xj40wrvul32jIJUC4tAWVc6BPfSDHmRlBe+W1v56UXA==", "pbkdf2 SHA1 1000 32" },
    };

    [Theory]
    [MemberData(nameof(Known))]
    public void A_format_is_the_scheme_and_its_cost(string stored, string name) =>
        Assert.Equal(name, StoredPassword.FormatOf(stored)!.Name);

    [Theory]
    [MemberData(nameof(Known))]
    public void A_decoy_is_of_the_same_format_and_nobody_knows_its_password(string stored, string name)
    {
        var format = StoredPassword.FormatOf(stored)!;

        Assert.Equal(name, StoredPassword.FormatOf(format.Decoy)!.Name);
        Assert.Equal(stored.Length, format.Decoy.Length);
        Assert.NotEqual(stored, format.Decoy);
        if (!name.StartsWith("bcrypt 12", StringComparison.Ordinal))
        {
            Assert.Equal(PasswordMatch.Wrong, StoredPassword.Verify(format.Decoy, "password1234", Current));
        }
    }

    [Theory]
    [MemberData(nameof(Known))]
    public void Hashes_of_a_format_lie_before_its_end_and_those_of_others_do_not_lie_between(string stored, string name)
    {
        var format = StoredPassword.FormatOf(stored)!;

        Assert.True(string.CompareOrdinal(stored, format.UpTo) < 0);
        Assert.True(string.CompareOrdinal(format.Decoy, StoredPassword.FormatOf(format.Decoy)!.UpTo) < 0);
        Assert.All(
            Known.Select(row => row.Data.Item1).Where(other => StoredPassword.FormatOf(other)!.Name != name),
            other => Assert.False(string.CompareOrdinal(other, stored) > 0 && string.CompareOrdinal(other, format.UpTo) < 0, other)
        );
    }

    [Fact]
    public void New_hashes_are_of_the_format_of_their_cost() =>
        Assert.Equal(
            StoredPassword.FormatOf(new Argon2Cost(64, 1)).Name,
            StoredPassword.FormatOf(StoredPassword.Create("password1234", new Argon2Cost(64, 1)))!.Name
        );

    [Theory]
    [InlineData("")]
    [InlineData("password1234")]
    [InlineData("$2b$17$abcdefghijklmnopqrstuuKaosRWrQ0lPX9tmHLqQ8hO55vFt6GY6")]
    public void What_is_no_hash_has_no_format(string stored) => Assert.Null(StoredPassword.FormatOf(stored));
}
