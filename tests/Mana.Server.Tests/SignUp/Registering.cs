using Mana.Specs.World;

namespace Mana.Specs.SignUp;

public sealed class Registering(House house) : IClassFixture<House>
{
    [Fact]
    public async Task One_transaction_writes_person_credential_credits_event_and_mail()
    {
        var alice = house.Stranger("alice");
        var reply = await alice.Register("Alice");

        Assert.Equal(alice.Email, reply.Text("email"));
        Assert.Equal("null", reply.Json.GetProperty("token").GetRawText());
        Assert.Equal(
            1,
            await house.Database.Read<long>(
                """
                select count(*)
                from auth.users u
                join auth.accounts c on c.user_id = u.id and c.provider_id = 'credential' and c.account_id = u.id
                join auth.passwords p on p.user_id = u.id and p.hashed_password like '$argon2id$%'
                join credits.accounts a on a.owner_id = u.id and a.free = 150 and a.version = 1
                join credits.transactions t on t.owner_id = u.id and t.balance_before = 0 and t.balance_after = 150 and t.type = 'bonus'
                join credits.transfers f on f.owner_id = u.id and f.from_account = 'issuer' and f.to_account = 'free' and f.amount = 150
                join auth.security_events e on e.user_id = u.id and e.event_type = 'REGISTER'
                where u.id = $1
                """,
                alice.Id
            )
        );
        Assert.Contains("/verify-email?token=", (await house.Mail.LinkTo(alice.Email)).PathAndQuery, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_empty_target_is_none()
    {
        var alice = house.Stranger("alice");

        var reply = await alice.Post(
            "/api/v1/auth/register",
            new
            {
                email = alice.Email,
                password = alice.Password,
                sourceAppUrl = "",
            }
        );

        reply.Expect(201);
        Assert.DoesNotContain("callbackURL", (await house.Mail.LinkTo(alice.Email)).Query, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ten_parallel_registrations_of_one_address_make_one_person()
    {
        var alice = house.Stranger("alice");

        var replies = await Task.WhenAll(
            Enumerable.Range(0, 10).Select(_ => alice.Post("/api/v1/auth/register", new { email = alice.Email, password = alice.Password }))
        );

        Assert.Equal(1, replies.Count(reply => reply.Status == 201));
        Assert.All(replies.Where(reply => reply.Status != 201), reply => reply.Expect(409, "EMAIL_ALREADY_REGISTERED"));
        Assert.Equal(1, await house.Database.Read<long>("select count(*) from auth.users where email = $1", alice.Email));
    }

    [Fact]
    public async Task B_62_the_address_is_the_same_in_capitals_and_with_blanks_around_it()
    {
        var alice = house.Stranger("alice");
        await alice.Register("Alice");

        (
            await alice.Post("/api/v1/auth/register", new { email = $"  {alice.Email.ToUpperInvariant()} ", password = alice.Password })
        ).Expect(409, "EMAIL_ALREADY_REGISTERED");
        (await alice.Post("/api/v1/auth/login", new { email = alice.Email.ToUpperInvariant(), password = alice.Password })).Expect(200);
    }

    [Fact]
    public async Task EML_01_thirty_parallel_registrations_of_one_address_in_different_spellings_make_one_person_with_one_bonus()
    {
        var alice = house.Stranger("alice");
        string[] spellings = [alice.Email, alice.Email.ToUpperInvariant(), $" {alice.Email}", $"{alice.Email}\t "];

        var replies = await Task.WhenAll(
            Enumerable
                .Range(0, 30)
                .Select(at =>
                    alice.Post("/api/v1/auth/register", new { email = spellings[at % spellings.Length], password = alice.Password })
                )
        );

        Assert.Equal(1, replies.Count(reply => reply.Status == 201));
        Assert.Equal(29, replies.Count(reply => reply.Status == 409));
        Assert.Equal(
            "1 150 1",
            await house.Database.Read<string>(
                """
                select concat_ws(' ', count(distinct u.id), max(a.free), count(distinct t.id))
                from auth.users u
                join credits.accounts a on a.owner_id = u.id
                join credits.transactions t on t.owner_id = u.id and t.type = 'bonus'
                where u.email = $1
                """,
                alice.Email
            )
        );
    }

    [Fact]
    public async Task Without_a_limit_the_status_counts_nothing()
    {
        var reply = await house.Nobody().Get("/api/v1/auth/signup-status");

        Assert.Equal("""{"registrationOpen":true,"spotsRemaining":null,"totalToday":0,"limit":0,"resetsAt":""}""", reply.Expect(200).Body);
    }

    [Fact]
    public async Task B_20_a_name_is_optional_and_falls_back_to_the_local_part()
    {
        var alice = house.Stranger("alice");

        var reply = await alice.Post("/api/v1/auth/register", new { email = alice.Email, password = alice.Password });

        Assert.Equal(alice.Email.Split('@')[0], reply.Expect(201).Text("name"));
    }

    [Theory]
    [InlineData("password123", 201)]
    [InlineData("Test1234!", 201)]
    [InlineData("12345678", 201)]
    [InlineData("1234567", 400)]
    [InlineData("😀😀😀😀", 201)]
    public async Task B_19_eight_units_are_enough_everywhere(string password, int status)
    {
        var alice = house.Stranger("alice");

        (await alice.Post("/api/v1/auth/register", new { email = alice.Email, password })).Expect(status);
        var wire = house.Stranger("wire");
        var wireStatus = (
            await wire.Post(
                "/api/auth/sign-up/email",
                new
                {
                    email = wire.Email,
                    password,
                    name = "W",
                }
            )
        ).Status;
        Assert.Equal(status == 201 ? 200 : 400, wireStatus);
    }

    [Fact]
    public async Task A_password_of_129_units_is_too_long()
    {
        var alice = house.Stranger("alice");

        (await alice.Post("/api/v1/auth/register", new { email = alice.Email, password = new string('x', 129) })).Expect(
            400,
            "WEAK_PASSWORD"
        );
    }

    [Theory]
    [InlineData("")]
    [InlineData("a@b")]
    [InlineData("a@b.c")]
    [InlineData("ä@example.com")]
    [InlineData("a@exämple.com")]
    [InlineData("a..b@example.com")]
    [InlineData("a@example.com\n")]
    [InlineData("<a@example.com>")]
    public async Task What_is_no_address_is_refused(string email)
    {
        var text = email.Contains('\n', StringComparison.Ordinal) ? email + "x" : email;

        (await house.Nobody().Post("/api/v1/auth/register", new { email = text, password = "password123" })).Expect(400, "VALIDATION");
    }

    [Fact]
    public async Task B_87_an_address_in_the_body_or_a_forwarded_header_from_a_stranger_is_not_believed()
    {
        var alice = house.Stranger("alice");
        var body = System.Net.Http.Json.JsonContent.Create(
            new
            {
                email = alice.Email,
                password = alice.Password,
                ipAddress = "1.2.3.4",
            }
        );

        (await alice.Send(HttpMethod.Post, "/api/v1/auth/register", body, ("X-Forwarded-For", "1.2.3.4"))).Expect(201);

        var address = await house.Database.Read<string>(
            "select ip_address from auth.security_events e join auth.users u on u.id = e.user_id where u.email = $1 and event_type = 'REGISTER'",
            alice.Email
        );
        Assert.Contains(address, new[] { "127.0.0.1", "::1" });
    }
}
