using Mana.Protocols.Passwords;
using Mana.Protocols.Sodium;

namespace Mana.Protocols.Tests.Passwords;

public sealed class Imported_passwords
{
    private const string Argon = "$argon2id$v=19$m=19456,t=2,p=1$MDEyMzQ1Njc4OWFiY2RlZg$tWXdvtNqivkYaN5HNYhq3pbK5/4XZIz5jb8mzWb+moE";

    private const string Scrypted =
        "53a72236a74046a170a65bbc9d702a35:d61bd5eaf61315ad643f6698fdec20d0ad0c8dfee4dcf27fb45b5f86128db3237e0caac5f029698976b23f25f2eeb3899f0e4467477c19ad11cb568f064a3350";

    private const string Bcrypted = "$2b$04$abcdefghijklmnopqrstuuKaosRWrQ0lPX9tmHLqQ8hO55vFt6GY6";
    private const string Identity = "AQAAAAIAAYagAAAAEGI1xjova85XotSGFVxN0w+HkoHnwwQv4RgXLHlYx0WWX8Uv0fX5icIEC0besSpCDA==";

    private static readonly Argon2Cost Current = new();

    public static readonly string[] OneOfEach = [Argon, Scrypted, Bcrypted, Identity];

    // Made with npm @node-rs/argon2 2.2.1: our own cost, four lanes, a short salt and tag, the NFKC form of a password with a ligature.
    [Theory]
    [InlineData(Argon, "password1234", PasswordMatch.Right)]
    [InlineData(
        "$argon2id$v=19$m=8192,t=3,p=4$MDEyMzQ1Njc4OWFiY2RlZg$+/4c4ZgTv3lN1IsI/3nl954Y8BxuM4X6sdiFHfESoGY",
        "password1234",
        PasswordMatch.RightButOutdated
    )]
    [InlineData(
        "$argon2id$v=19$m=8192,t=1,p=1$MDEyMzQ1Njc$xEWq+djVZH5kw3EJB/A9nfKNVJieechI",
        "password1234",
        PasswordMatch.RightButOutdated
    )]
    [InlineData(
        "$argon2id$v=19$m=8192,t=1,p=1$MDEyMzQ1Njc4OWFiY2RlZg$lXDQU/lTFcGAgbVLsm7RUjBHoNWeWs8O1i6q9SrKN5w",
        "\uFB01\u2460\u00C5\u212B\U0001D4D0pw",
        PasswordMatch.RightButOutdated
    )]
    public void Argon2id_of_other_makers_is_verified(string stored, string password, PasswordMatch expected)
    {
        Assert.Equal(expected, StoredPassword.Verify(stored, password, Current));
        Assert.Equal(PasswordMatch.Wrong, StoredPassword.Verify(stored, password + " ", Current));
        Assert.StartsWith("argon2id", StoredPassword.FormatOf(stored)!.Name, StringComparison.Ordinal);
    }

    // Recorded from the running Better Auth.
    [Theory]
    [InlineData(Scrypted, "password1234")]
    [InlineData(
        "53409991fbd16eec876a8bef7be0b869:a13077fc2795cdcbce45b9488b9cdb9c775347541dab0bdcce5caf9d4143b92121b0e359d2d61e48da33fbfe01dbdf6d6f98db71dc5dffad4afd302fe6056993",
        "password9876"
    )]
    [InlineData(
        "dae708f2adecbcd382f7238d268ecb2a:262b7178ea9669f2c4e2cad82d8529c040e8578049fbdccb3cf5c19ca57c5b3e0ee9de774d00e120086acbfa47d7455133803c4d1ebfa961d98df49847ae8635",
        "\uFB01\u2460\u00C5\u212B\U0001D4D0pw"
    )]
    [InlineData(
        "dae708f2adecbcd382f7238d268ecb2a:262b7178ea9669f2c4e2cad82d8529c040e8578049fbdccb3cf5c19ca57c5b3e0ee9de774d00e120086acbfa47d7455133803c4d1ebfa961d98df49847ae8635",
        "fi1\u00C5\u00C5Apw"
    )]
    public void Better_Auths_scrypt_is_verified_and_outdated(string stored, string password)
    {
        Assert.Equal(PasswordMatch.RightButOutdated, StoredPassword.Verify(stored, password, Current));
        Assert.Equal(PasswordMatch.Wrong, StoredPassword.Verify(stored, password.ToUpperInvariant() + "!", Current));
        Assert.StartsWith("scrypt", StoredPassword.FormatOf(stored)!.Name, StringComparison.Ordinal);
    }

    // Made with npm bcryptjs 3.0.3, except the Openwall vector with cost 5.
    [Theory]
    [InlineData(Bcrypted, "password1234")]
    [InlineData("$2a$04$abcdefghijklmnopqrstuuKaosRWrQ0lPX9tmHLqQ8hO55vFt6GY6", "password1234")]
    [InlineData("$2y$04$abcdefghijklmnopqrstuuKaosRWrQ0lPX9tmHLqQ8hO55vFt6GY6", "password1234")]
    [InlineData("$2b$04$abcdefghijklmnopqrstuubyCG3zY1GIXMyxfivm.ClDiInHzxjiq", "")]
    [InlineData("$2b$04$abcdefghijklmnopqrstuupbTYcnxA/97XWTNCVRF4vpn27Txw6l6", "\u00ff\u00a3")]
    [InlineData("$2a$04$abcdefghijklmnopqrstuuC1W95REdnYbWCOBwFr8mfxXYLXhrW0m", "\u00ff\u00a3\u00ff\u00ff345")]
    [InlineData("$2b$04$abcdefghijklmnopqrstuupOgq3f75lN4OMRrRajAyw6TcIjuzu5K", "пароль🔑")]
    [InlineData("$2b$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW", "U*U")]
    [InlineData("$2b$04$abcdefghijklmnopqrstuuPWo2nKBpNPy3.1VTNU5jW8sh6p/XkBK", "\uFB01x")]
    public void Bcrypt_is_verified_as_typed_and_outdated(string stored, string password)
    {
        Assert.Equal(PasswordMatch.RightButOutdated, StoredPassword.Verify(stored, password, Current));
        Assert.Equal(PasswordMatch.Wrong, StoredPassword.Verify(stored, password + "x", Current));
        Assert.StartsWith("bcrypt", StoredPassword.FormatOf(stored)!.Name, StringComparison.Ordinal);
    }

    [Fact]
    public void Bcrypt_reads_seventy_two_bytes_and_no_more()
    {
        const string of71 = "$2b$04$abcdefghijklmnopqrstuuMCu.k1vM/ywQwiONaEn3oEMlZoCVBd6";
        const string of72 = "$2b$04$abcdefghijklmnopqrstuuBzzIgyKkz7xMWYSzkIjUSnxEQFQ0WNe";

        Assert.Equal(PasswordMatch.RightButOutdated, Ask(of71, 71));
        Assert.Equal(PasswordMatch.Wrong, Ask(of71, 72));
        Assert.Equal(PasswordMatch.RightButOutdated, Ask(of72, 72));
        Assert.Equal(PasswordMatch.RightButOutdated, Ask(of72, 73));
        Assert.Equal(PasswordMatch.Wrong, Ask(of72, 71));

        static PasswordMatch Ask(string stored, int length) => StoredPassword.Verify(stored, new string('a', length), Current);
    }

    [Fact]
    public void A_NUL_does_not_cut_a_bcrypt_password_short() =>
        Assert.Equal(PasswordMatch.Wrong, StoredPassword.Verify(Bcrypted, "password1234\0and more", Current));

    // The first was made by the framework's PasswordHasher, the others with Python's hashlib: SHA-512, SHA-256, SHA-1.
    [Theory]
    [InlineData(Identity)]
    [InlineData("AQAAAAIAAYagAAAAEAABAgMEBQYHCAkKCwwNDg+Nwa7no8v9O5bOaIMa7w/5N7BfzLisdbbLPjrqJCUhiQ==")]
    [InlineData("AQAAAAEAACcQAAAAEAABAgMEBQYHCAkKCwwNDg9OWsvODYnj6uw74fNAYHOq32DXjckN1+/Gdv5FN1tccA==")]
    [InlineData("AQAAAAAAAAPoAAAAEAABAgMEBQYHCAkKCwwNDg+xj40wrvul32jIJUC4tAWVc6BPfSDHmRlBe+W1v56UXA==")]
    public void Identitys_third_format_is_verified_and_outdated(string stored)
    {
        Assert.Equal(PasswordMatch.RightButOutdated, StoredPassword.Verify(stored, "Pässword1!", Current));
        Assert.Equal(PasswordMatch.Wrong, StoredPassword.Verify(stored, "Password1!", Current));
        Assert.StartsWith("pbkdf2", StoredPassword.FormatOf(stored)!.Name, StringComparison.Ordinal);
    }

    [Fact]
    public void Identity_hashes_the_password_as_typed() =>
        Assert.Equal(
            PasswordMatch.RightButOutdated,
            StoredPassword.Verify(
                "AQAAAAIAAYagAAAAELnkjrbOyDmbfqeXy6pHOqwglXf7XXqeiEayKRAx8GkWPSGxNoqA5msjiHVEUJ72mQ==",
                "\uFB01x pass",
                Current
            )
        );

    [Theory]
    [InlineData("")]
    [InlineData("password1234")]
    [InlineData("$")]
    [InlineData("$argon2id$")]
    [InlineData("$argon2i$v=19$m=8192,t=3,p=1$MDEyMzQ1Njc4OWFiY2RlZg$S8deQQ8pUNbPw3DvHGZYbkB75xADjG216TEgQQWfwM8")]
    [InlineData("$argon2id$v=16$m=19456,t=2,p=1$MDEyMzQ1Njc4OWFiY2RlZg$tWXdvtNqivkYaN5HNYhq3pbK5/4XZIz5jb8mzWb+moE")]
    [InlineData("$argon2id$m=19456,t=2,p=1$MDEyMzQ1Njc4OWFiY2RlZg$tWXdvtNqivkYaN5HNYhq3pbK5/4XZIz5jb8mzWb+moE")]
    [InlineData("$argon2id$v=19$m=1048577,t=2,p=1$MDEyMzQ1Njc4OWFiY2RlZg$tWXdvtNqivkYaN5HNYhq3pbK5/4XZIz5jb8mzWb+moE")]
    [InlineData("$argon2id$v=19$m=19456,t=11,p=1$MDEyMzQ1Njc4OWFiY2RlZg$tWXdvtNqivkYaN5HNYhq3pbK5/4XZIz5jb8mzWb+moE")]
    [InlineData("$argon2id$v=19$m=19456,t=02,p=1$MDEyMzQ1Njc4OWFiY2RlZg$tWXdvtNqivkYaN5HNYhq3pbK5/4XZIz5jb8mzWb+moE")]
    [InlineData("$argon2id$v=19$m=19456,t=2,p=1,x=1$MDEyMzQ1Njc4OWFiY2RlZg$tWXdvtNqivkYaN5HNYhq3pbK5/4XZIz5jb8mzWb+moE")]
    [InlineData("$argon2id$v=19$m=19456,t=2,p=1$MDEyMzQ1Njc4OWFiY2RlZg==$tWXdvtNqivkYaN5HNYhq3pbK5/4XZIz5jb8mzWb+moE=")]
    [InlineData("$argon2id$v=19$m=19456,t=2,p=1$MDEyMzQ1Njc4OWFiY2RlZg$")]
    [InlineData("$argon2id$v=19$m=19456,t=2,p=1$MDEyMzQ1Njc4OWFiY2RlZg$tWXdvtNqivkYaN5HNYhq3pbK5/4XZIz5jb8mzWb+moE$")]
    [InlineData("$argon2id$v=19$m=19456,t=2,p=1$MDEyMzQ1Njc4OWFiY2RlZg$tWXdvtNqivkYaN5HNYhq3pbK5/4XZIz5jb8mzWb+moE\0")]
    [InlineData("53a72236a74046a170a65bbc9d702a35:")]
    [InlineData(
        "53a72236a74046a170a65bbc9d702a35:zz1bd5eaf61315ad643f6698fdec20d0ad0c8dfee4dcf27fb45b5f86128db3237e0caac5f029698976b23f25f2eeb3899f0e4467477c19ad11cb568f064a3350"
    )]
    [InlineData("53a72236a74046a170a65bbc9d702a35:d61bd5eaf61315ad643f6698fdec20d0")]
    [InlineData("$2x$04$abcdefghijklmnopqrstuuKaosRWrQ0lPX9tmHLqQ8hO55vFt6GY6")]
    [InlineData("$2b$03$abcdefghijklmnopqrstuuKaosRWrQ0lPX9tmHLqQ8hO55vFt6GY6")]
    [InlineData("$2b$17$abcdefghijklmnopqrstuuKaosRWrQ0lPX9tmHLqQ8hO55vFt6GY6")]
    [InlineData("$2b$31$abcdefghijklmnopqrstuuKaosRWrQ0lPX9tmHLqQ8hO55vFt6GY6")]
    [InlineData("$2b$04$abcdefghijklmnopqrstuuKaosRWrQ0lPX9tmHLqQ8hO55vFt6GY")]
    [InlineData("$2b$04$abcdefghijklmnopqrst uKaosRWrQ0lPX9tmHLqQ8hO55vFt6GY6")]
    [InlineData("$1$abcdefgh$6nTMVAb7xZUGyX4nmT8aJ1")]
    [InlineData("AQAAAAI=")]
    [InlineData("AAAAAAIAAYagAAAAEAABAgMEBQYHCAkKCwwNDg+Nwa7no8v9O5bOaIMa7w/5N7BfzLisdbbLPjrqJCUhiQ==")]
    [InlineData("AQAAAAMAAYagAAAAEAABAgMEBQYHCAkKCwwNDg+Nwa7no8v9O5bOaIMa7w/5N7BfzLisdbbLPjrqJCUhiQ==")]
    [InlineData("AQAAAAJ/////AAAAEAABAgMEBQYHCAkKCwwNDg+Nwa7no8v9O5bOaIMa7w/5N7BfzLisdbbLPjrqJCUhiQ==")]
    [InlineData("AQAAAAIAAYag/////wABAgMEBQYHCAkKCwwNDg+Nwa7no8v9O5bOaIMa7w/5N7BfzLisdbbLPjrqJCUhiQ==")]
    [InlineData("AQAAAAIAAAAAAAAAEAABAgMEBQYHCAkKCwwNDg+Nwa7no8v9O5bOaIMa7w/5N7BfzLisdbbLPjrqJCUhiQ==")]
    public void A_malformed_or_unbounded_hash_is_wrong_and_unknown(string stored)
    {
        Assert.Equal(PasswordMatch.Wrong, StoredPassword.Verify(stored, "password1234", Current));
        Assert.Null(StoredPassword.FormatOf(stored));
    }

    [Fact]
    public void Every_scheme_is_known_by_its_name() =>
        Assert.Equal(
            "argon2id scrypt bcrypt pbkdf2",
            string.Join(' ', OneOfEach.Select(hash => StoredPassword.FormatOf(hash)!.Name.Split(' ')[0]))
        );

    [Theory]
    [InlineData("$9$unknown")]
    [InlineData("")]
    [InlineData("*0")]
    [InlineData("$2b$04$\0bcdefghijklmnopqrstuu")]
    public void The_system_library_has_no_hash_for_a_setting_it_does_not_know(string setting)
    {
        Assert.True(Xcrypt.IsAvailable);
        Assert.Null(Xcrypt.Hash("password1234", setting));
    }
}
