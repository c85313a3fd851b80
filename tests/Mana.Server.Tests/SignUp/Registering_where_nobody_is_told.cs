using System.Text.Json;
using System.Text.RegularExpressions;
using Mana.Specs.World;

namespace Mana.Specs.SignUp;

/// <summary>ENU-04, ruling 13: with <c>REGISTRATION_DISCLOSURE=hidden</c> only the owner of an address learns that it is known.</summary>
public sealed class Registering_where_nobody_is_told(Registering_where_nobody_is_told.DiscreetHouse house)
    : IClassFixture<Registering_where_nobody_is_told.DiscreetHouse>
{
    private const string V1 = "/api/v1/auth/register";

    private const string Wire = "/api/auth/sign-up/email";

    [Theory]
    [InlineData(V1, false)]
    [InlineData(V1, true)]
    [InlineData(Wire, false)]
    [InlineData(Wire, true)]
    public async Task ENU_04_a_known_address_is_answered_like_a_new_one_whether_in_use_or_closed(string path, bool isClosed)
    {
        var alice = house.Stranger();
        var first = await Register(path, alice.Email);
        var before = await Rows(alice.Email);
        if (isClosed)
        {
            await house.Database.Tamper("update auth.users set deleted_at = now() where email = $1", alice.Email);
        }

        var second = await Register(path, alice.Email.ToUpperInvariant());

        Assert.Equal(Shape(first), Shape(second));
        Assert.NotEqual(Id(first), Id(second));
        Assert.Equal(Names(first.SetCookies), Names(second.SetCookies));
        Assert.Equal(before, await Rows(alice.Email));
    }

    [Fact]
    public async Task The_owner_is_told_by_mail_once_an_hour()
    {
        var alice = house.Stranger();
        await Register(V1, alice.Email);
        await house.Idle();
        await Register(V1, alice.Email);
        await Register(Wire, alice.Email);
        await house.Idle();
        Assert.Single(Told(alice));

        house.Clock.Move(TimeSpan.FromHours(1));
        await Register(V1, alice.Email);
        await house.Idle();

        Assert.Equal(2, Told(alice).Length);
    }

    [Fact]
    public async Task The_mail_leads_to_the_page_for_signing_in_and_says_nothing_that_was_typed()
    {
        var alice = house.Stranger();
        await Register(V1, alice.Email);
        await Register(V1, alice.Email, name: "<b>Mallory</b>");
        await house.Idle();

        var mail = Assert.Single(Told(alice));
        Assert.Contains($"{house.Address}sign-in", mail, StringComparison.Ordinal);
        Assert.DoesNotContain("Mallory", mail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Thirty_parallel_registrations_of_one_address_all_look_new_and_make_one_person()
    {
        var alice = house.Stranger();

        var replies = await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => Register(V1, alice.Email)));

        Assert.Single(replies.Select(Shape).Distinct());
        Assert.Equal(30, replies.Select(Id).Distinct().Count());
        Assert.Equal(1, await house.Database.Read<long>("select count(*) from auth.users where email = $1", alice.Email));
    }

    [Fact]
    public async Task What_is_wrong_with_the_rest_is_told_as_ever()
    {
        var alice = house.Stranger();
        await Register(V1, alice.Email);

        (await house.Nobody().Post(V1, new { email = alice.Email, password = "short" })).Expect(400, "WEAK_PASSWORD");
    }

    private async Task<Reply> Register(string path, string email, string name = "Alice")
    {
        var body = new
        {
            email,
            password = Phrases.Right,
            name,
        };
        var reply = await Visitor.Ask(house.Http, HttpMethod.Post, path, Visitor.NewAddress(), body);

        return reply.Expect(path == V1 ? 201 : 200);
    }

    private string[] Told(Person person) =>
        [.. house.Mail.TextsTo(person.Email).Where(mail => mail.Contains("already is an account", StringComparison.Ordinal))];

    private Task<string> Rows(string email) =>
        house.Database.Read<string>(
            """
            select concat_ws(
                ' ',
                count(distinct u.id), count(distinct u.updated_at), count(distinct e.id), count(distinct v.id), count(distinct s.id),
                min(p.hashed_password)
            )
            from auth.users u
            left join auth.passwords p on p.user_id = u.id
            left join auth.security_events e on e.user_id = u.id
            left join auth.verification_tokens v on v.user_id = u.id
            left join auth.sessions s on s.user_id = u.id
            where u.email = $1
            """,
            email
        );

    private static string Id(Reply reply) => reply.Json.GetProperty("user").GetProperty("id").GetString()!;

    /// <summary>The body with everything random or of the moment replaced.</summary>
    private static string Shape(Reply reply)
    {
        var body = Regex.Replace(reply.Body, "[a-zA-Z0-9]{32}", "ID", RegexOptions.None, TimeSpan.FromSeconds(1));

        return Regex.Replace(body, @"\d{4}-\d\d-\d\dT[0-9:.]+Z", "WHEN", RegexOptions.None, TimeSpan.FromSeconds(1));
    }

    private static string Names(IReadOnlyList<string> cookies) =>
        JsonSerializer.Serialize(cookies.Select(cookie => $"{cookie.Split('=')[0]};{string.Join(';', cookie.Split(';').Skip(1))}"));

    /// <summary>A house that keeps to itself who is in it, in front and on the wire.</summary>
    public sealed class DiscreetHouse : House
    {
        protected override void Configure(Dictionary<string, string> environment)
        {
            environment["REGISTRATION_DISCLOSURE"] = "hidden";
            environment["REQUIRE_EMAIL_VERIFICATION"] = "on";
            environment["RATE_LIMITS"] = "on";
            environment["TRUSTED_PROXIES"] = "127.0.0.1,::1";
        }
    }
}
