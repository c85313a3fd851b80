using Mana.Passwords;
using Mana.Protocols.Passwords;
using Mana.Specs.World;
using Microsoft.Extensions.DependencyInjection;

namespace Mana.Specs.Passwords;

/// <summary>Ruling 32c: how a password is stored, or whether there is one, shows in no time a failure takes.</summary>
public sealed class Formats_in_use(House house) : IClassFixture<House>
{
    /// <summary>Without its first digit.</summary>
    private const string Scrypt =
        "3a72236a74046a170a65bbc9d702a35:d61bd5eaf61315ad643f6698fdec20d0ad0c8dfee4dcf27fb45b5f86128db3237e0caac5f029698976b23f25f2eeb3899f0e4467477c19ad11cb568f064a3350";

    private const string Bcrypt = "$2b$04$abcdefghijklmnopqrstuuKaosRWrQ0lPX9tmHLqQ8hO55vFt6GY6";

    private const string BcryptOfAnotherMaker = "$2a$04$abcdefghijklmnopqrstuuKaosRWrQ0lPX9tmHLqQ8hO55vFt6GY6";

    private const string Identity = "AQAAAAIAAYagAAAAEGI1xjova85XotSGFVxN0w+HkoHnwwQv4RgXLHlYx0WWX8Uv0fX5icIEC0besSpCDA==";

    private const string Older = "$argon2id$v=19$m=8192,t=3,p=4$MDEyMzQ1Njc4OWFiY2RlZg$+/4c4ZgTv3lN1IsI/3nl954Y8BxuM4X6sdiFHfESoGY";

    private StoredFormats Formats => house.Services.GetRequiredService<StoredFormats>();

    [Fact]
    public async Task They_are_found_in_the_database_and_forgotten_when_the_last_hash_was_made_anew()
    {
        Assert.Equal("argon2id m=19456,t=2,p=1", await Found());
        string[] stored = ["5" + Scrypt, "a" + Scrypt, "f" + Scrypt, Bcrypt, BcryptOfAnotherMaker, Identity, Older, "what nobody can read"];
        foreach (var hash in stored)
        {
            var person = house.Stranger();
            await person.Register("Imported");
            await house.Database.Tamper("update auth.passwords set hashed_password = $2 where user_id = $1", person.Id, hash);
        }

        Assert.Equal("argon2id m=19456,t=2,p=1|argon2id m=8192,t=3,p=4|bcrypt 04|pbkdf2 SHA512 100000 32|scrypt", await Found());
        var some = await house.Database.Read<string>(
            "select u.email from auth.users u join auth.passwords p on p.user_id = u.id where hashed_password = $1",
            Bcrypt
        );
        (await house.Nobody().Post("/api/v1/auth/login", new { email = some, password = "password1234" })).Expect(200);
        await house.Database.Tamper(
            "delete from auth.users where id in (select user_id from auth.passwords where hashed_password = $1)",
            BcryptOfAnotherMaker
        );

        Assert.Equal("argon2id m=19456,t=2,p=1|argon2id m=8192,t=3,p=4|pbkdf2 SHA512 100000 32|scrypt", await Found());
    }

    [Fact]
    public async Task The_walk_has_an_index()
    {
        await using var connection = await house.Database.AsApp();
        await using var batch = new Npgsql.NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                new("select set_config(name, 'off', false) from unnest(array['enable_seqscan', 'enable_bitmapscan', 'enable_sort']) name"),
                new("select set_config('app.role', 'service', false)"),
                new(
                    """
                    explain select hashed_password from auth.passwords
                    where hashed_password not like '$argon2id$v=19$m=19456,t=2,p=1$%' and hashed_password collate "C" > '9~'
                    order by hashed_password collate "C" limit 1
                    """
                ),
            },
        };
        await using var reader = await batch.ExecuteReaderAsync();
        await reader.NextResultAsync();
        await reader.NextResultAsync();
        var plan = "";
        while (await reader.ReadAsync())
        {
            plan += reader.GetString(0) + "\n";
        }

        Assert.Contains("using passwords_format_idx", plan, StringComparison.Ordinal);
        Assert.DoesNotContain("Sort", plan, StringComparison.Ordinal);
    }

    [Fact]
    public void Whatever_the_hash_all_formats_in_use_are_paid_for()
    {
        var scrypt = "5" + Scrypt;
        string[] stored = [scrypt, Bcrypt, Identity, Older, StoredPassword.Create("x", new Argon2Cost())];
        var inUse = stored.Select(hash => StoredPassword.FormatOf(hash)!).ToArray();
        var all = Names(inUse);

        Assert.All(stored, hash => Assert.Equal(all, Names([StoredPassword.FormatOf(hash)!, .. StoredFormats.Others(hash, inUse)])));
        Assert.Equal(all, Names(StoredFormats.Others(null, inUse)));
        Assert.Equal(all, Names(StoredFormats.Others("what nobody can read", inUse)));
    }

    private async Task<string> Found()
    {
        await Formats.Look(CancellationToken.None);

        return Names(await Formats.InUse(CancellationToken.None));
    }

    private static string Names(IEnumerable<PasswordFormat> formats) =>
        string.Join('|', formats.Select(format => format.Name).Order(StringComparer.Ordinal));
}
