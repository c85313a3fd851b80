using Mana.Specs.World;

namespace Mana.Specs.SignUp;

/// <summary>EML-02 to EML-06: one rule for what an address is, and one way to write it, at every door that takes one.</summary>
public sealed class Addresses_that_are_none(House house) : IClassFixture<House>
{
    [Theory]
    [InlineData("EML-02", "a@example.com, b@example.com")]
    [InlineData("EML-02", "Name <a@example.com>")]
    [InlineData("EML-02", "\"x@evil y\"@example.com")]
    [InlineData("EML-02", "a@example.com\r\nBcc: b@example.com")]
    [InlineData("EML-02", "a@[127.0.0.1]")]
    [InlineData("EML-03", "victim\uFF20example.com")]
    [InlineData("EML-03", "a\uFE6Bexample.com@evil.test")]
    [InlineData("EML-03", "a\u200B@example.com")]
    [InlineData("EML-03", "a\u202E@example.com")]
    [InlineData("EML-04", "\u212Aelvin@example.com")]
    [InlineData("EML-04", "mar\u0131o@example.com")]
    [InlineData("EML-04", "stra\u00DFe@example.com")]
    [InlineData("EML-04", "a@ex\u0430mple.com")]
    [InlineData("EML-05", "a@b\u00FCcher.example")]
    public async Task They_are_refused_everywhere_and_no_mail_goes_out(string number, string email)
    {
        Assert.StartsWith("EML-", number, StringComparison.Ordinal);
        await house.Idle(); // what others of this class caused has arrived
        var before = house.Mail.Mails.Count;

        await IsRefused(email);

        await house.Idle();
        Assert.Equal(before, house.Mail.Mails.Count);
    }

    [Theory]
    [InlineData(64, 1, true)]
    [InlineData(65, 1, false)]
    [InlineData(64, 176, true)]
    [InlineData(64, 177, false)]
    public async Task EML_02_a_local_part_has_64_characters_at_most_and_an_address_255(int local, int label, bool isAddress)
    {
        var email = Long(local, label);

        if (isAddress)
        {
            (await Register(email)).Expect(201);
        }
        else
        {
            await IsRefused(email);
        }
    }

    [Fact]
    public async Task EML_05_an_international_domain_is_one_identity_in_its_ASCII_form()
    {
        var local = $"a{Guid.NewGuid():N}";

        (await Register($"{local}@xn--bcher-kva.example")).Expect(201);
        (await Register($"{local}@XN--BCHER-KVA.example")).Expect(409, "EMAIL_ALREADY_REGISTERED");
    }

    [Fact]
    public async Task EML_06_what_a_provider_would_ignore_makes_another_address()
    {
        var name = $"{Guid.NewGuid():N}";

        (await Register($"a{name}@example.com")).Expect(201);
        (await Register($"a{name}+1@example.com")).Expect(201);
        (await Register($"a.{name}@example.com")).Expect(201);
    }

    private async Task IsRefused(string email)
    {
        string[] doors =
        [
            "/api/v1/auth/register",
            "/api/v1/auth/login",
            "/api/auth/sign-up/email",
            "/api/auth/sign-in/email",
            "/api/auth/send-verification-email",
        ];
        foreach (var door in doors)
        {
            var body = new
            {
                email,
                password = Phrases.Right,
                name = "A",
            };
            (await house.Nobody().Post(door, body)).Expect(400);
        }
    }

    private Task<Reply> Register(string email) => house.Nobody().Post("/api/v1/auth/register", new { email, password = Phrases.Right });

    /// <summary>An address with so long a local part; its domain ends in <c>.example.com</c>.</summary>
    private static string Long(int local, int label)
    {
        var domain = string.Join('.', new string('d', label).Chunk(60).Select(piece => new string(piece)));

        return $"{new string('l', local)}@{domain}.example.com";
    }
}
