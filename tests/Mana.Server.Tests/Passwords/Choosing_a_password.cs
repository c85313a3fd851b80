using Mana.Passwords;
using Mana.Specs.World;

namespace Mana.Specs.Passwords;

/// <summary>PWD-01 to PWD-04, with the blocklist of Production on.</summary>
public sealed class Choosing_a_password(Choosing_a_password.StrictHouse house) : IClassFixture<Choosing_a_password.StrictHouse>
{
    private static readonly string[] Common = ReadCommon();

    [Theory]
    [InlineData(7, 400)]
    [InlineData(8, 201)]
    [InlineData(64, 201)]
    [InlineData(128, 201)]
    [InlineData(129, 400)]
    public async Task PWD_01_eight_to_128_units_of_any_composition(int length, int status)
    {
        (await Register(Varied(length))).Expect(status);
        (await Register(new string('_', length))).Expect(status);
        (await Register(new string('\u00e9', length))).Expect(status);
    }

    [Theory]
    [InlineData(3, 400)]
    [InlineData(4, 201)]
    [InlineData(64, 201)]
    [InlineData(65, 400)]
    public async Task PWD_01_an_emoji_counts_as_the_two_units_it_is_made_of(int count, int status) =>
        (await Register(string.Concat(Enumerable.Repeat("\U0001F600", count)))).Expect(status);

    [Fact]
    public void PWD_02_the_list_holds_more_than_the_three_thousand_most_common_that_are_long_enough()
    {
        Assert.Equal(10_000, Common.Length);
        Assert.Equal("password", Common[0]);
        Assert.All(Common, password => Assert.True(password.Length >= 8, password));
    }

    [Fact]
    public async Task PWD_02_common_passwords_are_refused_with_the_reason_in_any_case_and_width()
    {
        string[] tried =
        [
            .. Common.Take(5),
            .. Common.Where((_, at) => at % 1_500 == 1_499),
            Common[^1],
            "password123",
            "PassWord123",
            "ｐａｓｓｗｏｒｄ１２３",
        ];

        foreach (var password in tried)
        {
            var reply = (await Register(password)).Expect(400, "WEAK_PASSWORD");
            Assert.Contains("easy to guess", reply.Text("message"), StringComparison.Ordinal);
            var alice = house.Stranger();
            var wire = await alice.Post(
                "/api/auth/sign-up/email",
                new
                {
                    email = alice.Email,
                    password,
                    name = "A",
                }
            );
            wire.Expect(400, "PASSWORD_COMPROMISED");
        }
    }

    [Theory]
    [InlineData("mana2026!", 400)]
    [InlineData("ManaCore-1", 400)]
    [InlineData("manamana", 400)]
    [InlineData("mana-tee-with-honey", 201)]
    public async Task PWD_02_the_name_of_the_product_adds_nothing_to_the_length(string password, int status) =>
        (await Register(password)).Expect(status);

    [Theory]
    [InlineData("{0}", 400)]
    [InlineData("{0}@example.com", 400)]
    [InlineData("{0}2026!", 400)]
    [InlineData("my-{0}", 400)]
    [InlineData("{0} buys 7 apples", 201)]
    public async Task PWD_02_neither_does_the_own_address(string pattern, int status)
    {
        var local = $"rosalind{Guid.NewGuid():N}"[..14];
        var password = string.Format(System.Globalization.CultureInfo.InvariantCulture, pattern, local);

        (await house.Nobody().Post("/api/v1/auth/register", new { email = $"{local}@example.com", password })).Expect(status);
    }

    [Theory]
    [InlineData("k")]
    [InlineData("ab")]
    public async Task A_short_local_part_forbids_nobody_an_honest_password(string local) =>
        (
            await house
                .Nobody()
                .Post("/api/v1/auth/register", new { email = $"{local}@{Guid.NewGuid():N}.example.com", password = "kabel-kabel" })
        ).Expect(201);

    [Fact]
    public async Task PWD_02_a_password_from_before_the_list_still_signs_in()
    {
        var alice = await house.Person("alice");
        await house.Database.Tamper("update auth.passwords set hashed_password = $2 where user_id = $1", alice.Id, OldHash("password123"));

        (await SignIn(alice.Email, "password123")).Expect(200);

        var stored = await house.Database.Read<string>("select hashed_password from auth.passwords where user_id = $1", alice.Id);
        Assert.StartsWith("$argon2id$v=19$m=19456,t=2,p=1$", stored, StringComparison.Ordinal);
        (await SignIn(alice.Email, "password123")).Expect(200);
    }

    [Fact]
    public async Task PWD_03_every_character_counts_to_the_last()
    {
        var alice = house.Stranger();
        var password = Varied(128);
        (await house.Nobody().Post("/api/v1/auth/register", new { email = alice.Email, password })).Expect(201);

        string[] near =
        [
            password[..72] + "#" + password[73..],
            password[..127] + "#",
            password[..127],
            password[..127] + " ",
            password.ToUpperInvariant(),
        ];
        foreach (var other in near)
        {
            (await SignIn(alice.Email, other)).Expect(401);
        }

        (await SignIn(alice.Email, password)).Expect(200);
    }

    [Fact]
    public async Task PWD_03_a_blank_at_the_end_counts()
    {
        var alice = house.Stranger();
        (await house.Nobody().Post("/api/v1/auth/register", new { email = alice.Email, password = "a lamp post " })).Expect(201);

        (await SignIn(alice.Email, "a lamp post")).Expect(401);
        (await SignIn(alice.Email, "a lamp post ")).Expect(200);
    }

    [Fact]
    public async Task PWD_04_composed_and_decomposed_letters_are_the_same_password()
    {
        var alice = house.Stranger();
        (await house.Nobody().Post("/api/v1/auth/register", new { email = alice.Email, password = "\u00c5ngstr\u00f6m \ufb01" })).Expect(
            201
        );

        (await SignIn(alice.Email, "A\u030angstro\u0308m fi")).Expect(200);
        (await SignIn(alice.Email, "Angstrom fi")).Expect(401);
    }

    [Theory]
    [InlineData("\\ud800abcdefgh")]
    [InlineData("abcdefgh\\udc00")]
    [InlineData("abcd\\u0000efgh")]
    public async Task PWD_04_what_is_no_text_is_refused(string escaped)
    {
        var body = $$"""{"email":"{{house.Stranger().Email}}","password":"{{escaped}}"}""";

        (await house.Nobody().PostRaw("/api/v1/auth/register", body)).Expect(400);
        (await house.Nobody().PostRaw("/api/v1/auth/login", body)).Expect(400);
    }

    private Task<Reply> Register(string password) =>
        house.Nobody().Post("/api/v1/auth/register", new { email = house.Stranger().Email, password });

    private Task<Reply> SignIn(string email, string password) => house.Nobody().Post("/api/v1/auth/login", new { email, password });

    private static string Varied(int length) => string.Concat(Enumerable.Range(0, length).Select(at => (char)('a' + at * 7 % 26)));

    /// <summary>Half the cost of new hashes.</summary>
    private static string OldHash(string password) => Mana.Protocols.Passwords.StoredPassword.Create(password, new(9_728, 1));

    private static string[] ReadCommon()
    {
        using var stream = typeof(PasswordRules).Assembly.GetManifestResourceStream("Passwords/CommonPasswords.txt")!;
        using var reader = new StreamReader(stream);

        return [.. reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => !line.StartsWith('#'))];
    }

    /// <summary>A house that refuses what is guessed first, as Production does.</summary>
    public sealed class StrictHouse : House
    {
        protected override void Configure(Dictionary<string, string> environment) => environment["PASSWORD_BLOCKLIST"] = "on";
    }
}
