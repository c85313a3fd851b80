using System.Globalization;
using Mana.Specs.World;

namespace Mana.Specs.Passwords;

/// <summary>ENU-03, EML-04, EML-13, EML-14 and wire 7.8: asking for a link says the same to everybody, and floods nobody.</summary>
public sealed class Forgetting_a_password(House house) : IClassFixture<House>
{
    private const string V1 = "/api/v1/auth/forgot-password";

    private const string Wire = "/api/auth/request-password-reset";

    private const string ResetPath = "/api/v1/auth/reset-password";

    [Theory]
    [InlineData(V1, """{"success":true,"message":"If an account with that email exists, a password reset link has been sent"}""")]
    [InlineData(Wire, """{"status":true,"message":"If this email exists in our system, check your email for the reset link"}""")]
    public async Task ENU_03_known_unverified_closed_and_unknown_addresses_are_answered_alike(string path, string answer)
    {
        var known = await house.Person("known");
        await house.Database.Tamper("update auth.users set email_verified = true where id = $1", known.Id);
        var unverified = await house.Person("unverified");
        var closed = await house.Person("closed");
        await house.Database.Tamper("update auth.users set deleted_at = now() where id = $1", closed.Id);
        var unknown = house.Stranger("unknown");

        foreach (var person in new[] { known, unverified, closed, unknown })
        {
            var reply = (await house.Nobody().Post(path, new { email = person.Email.ToUpperInvariant() })).Expect(200);
            Assert.Equal(answer, reply.Body);
            Assert.Empty(reply.SetCookies);
        }

        await house.Idle();
        Assert.Equal([1, 1, 0, 0], new[] { known, unverified, closed, unknown }.Select(person => house.ResetLinks(person.Email).Count()));
        Assert.Equal(1, await house.Events(known.Id, "PASSWORD_RESET_REQUESTED"));
    }

    [Fact]
    public async Task Without_a_target_the_link_opens_our_page_and_the_token_stands_in_its_query()
    {
        var alice = await house.Person("alice");

        var link = await house.AskForLink(alice.Email);

        Assert.Equal(new Uri(house.Address, "/reset-password").AbsoluteUri, link.GetLeftPart(UriPartial.Path));
        Assert.Equal(43, Resets.SecretIn(link).Length);
    }

    [Theory]
    [InlineData("http://localhost:3000/reset?a=b")]
    [InlineData("/reset")]
    public async Task With_a_trusted_target_the_link_goes_the_way_of_the_wire(string target)
    {
        var alice = await house.Person("alice");

        var link = await house.AskForLink(alice.Email, target);
        var led = await house.Nobody().Get(link.PathAndQuery);

        Assert.StartsWith("/api/auth/reset-password/", link.AbsolutePath, StringComparison.Ordinal);
        Assert.Equal($"?callbackURL={Uri.EscapeDataString(target)}", link.Query);
        Assert.Contains($"token={Resets.SecretIn(link)}", led.Expect(302).Header("Location"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_target_that_is_not_trusted_is_ignored_by_us_and_refused_by_the_wire()
    {
        var alice = await house.Person("alice");
        const string evil = "https://evil.example/reset";

        Assert.StartsWith("/reset-password", (await house.AskForLink(alice.Email, evil)).AbsolutePath, StringComparison.Ordinal);
        (await house.Nobody().Post(Wire, new { email = alice.Email, redirectTo = evil })).Expect(403, "INVALID_REDIRECT_URL");
    }

    [Fact]
    public async Task The_link_is_built_from_the_configured_address_whatever_the_host_header_says()
    {
        var alice = await house.Person("alice");
        var known = house.ResetLinks(alice.Email).ToHashSet();

        await house
            .Nobody()
            .Send(
                HttpMethod.Post,
                V1,
                System.Net.Http.Json.JsonContent.Create(new { email = alice.Email }),
                ("X-Forwarded-Host", "evil.example")
            );

        Assert.Equal(house.Address.Authority, (await house.NextLink(alice.Email, known)).Authority);
    }

    [Theory]
    [InlineData("\u212Aelvin@example.com")]
    [InlineData("kelv\u0131n@example.com")]
    [InlineData("kelvin\uFF20example.com")]
    [InlineData("kelvin@example.com, mallory@example.com")]
    [InlineData("kelvin@example.com\r\nBcc: mallory@example.com")]
    public async Task EML_04_an_address_that_only_looks_like_somebodys_reaches_nobody(string lookalike)
    {
        await house.Idle();
        var before = house.Mail.Mails.Count;

        (await house.Nobody().Post(V1, new { email = lookalike })).Expect(400, "VALIDATION");
        (await house.Nobody().Post(Wire, new { email = lookalike })).Expect(400, "VALIDATION_ERROR");

        await house.Idle();
        Assert.Equal(before, house.Mail.Mails.Count);
    }

    public sealed class While_limits_are_on(LimitedHouse house) : IClassFixture<LimitedHouse>
    {
        [Fact]
        public async Task EML_13_a_hundred_requests_from_many_addresses_send_three_mails_and_the_answer_never_changes()
        {
            var alice = house.Stranger();
            await alice.Register("Alice");
            await house.Idle();

            var replies = await Task.WhenAll(
                Enumerable
                    .Range(0, 100)
                    .Select(number =>
                        alice.PostFrom(
                            string.Create(CultureInfo.InvariantCulture, $"198.51.100.{number}"),
                            number % 2 == 0 ? V1 : Wire,
                            new { email = alice.Email }
                        )
                    )
            );

            // Whoever asks while a mail is being sent gets that one, so a burst may send fewer than three.
            foreach (var number in Enumerable.Range(100, 3))
            {
                (
                    await alice.PostFrom(
                        string.Create(CultureInfo.InvariantCulture, $"198.51.100.{number}"),
                        V1,
                        new { email = alice.Email }
                    )
                ).Expect(200);
            }

            Assert.Equal(2, replies.Select(reply => reply.Expect(200).Body).Distinct().Count());
            await house.Idle();
            var links = house.ResetLinks(alice.Email).ToArray();
            Assert.Equal(3, links.Length);
            var used = await Task.WhenAll(links.Select(link => house.Nobody().PostFrom("198.51.100.200", ResetPath, Body(link))));
            Assert.Single(used, reply => reply.Status == 200);

            static object Body(Uri link) => new { token = Resets.SecretIn(link), newPassword = Resets.Chosen };
        }

        [Fact]
        public async Task BRF_05_a_reset_opens_an_address_that_wrong_passwords_closed()
        {
            var alice = house.Stranger();
            await alice.Register("Alice");
            for (var number = 1; number <= 5; number++)
            {
                await SignIn(Phrases.Wrong, number);
            }

            (await SignIn(alice.Password, 6)).Expect(429, "ACCOUNT_LOCKED");

            (await house.Reset(await house.AskForSecret(alice.Email))).Expect(200);

            (await SignIn(Resets.Chosen, 7)).Expect(200);

            Task<Reply> SignIn(string password, int number) =>
                alice.PostFrom(
                    string.Create(CultureInfo.InvariantCulture, $"203.0.113.{number}"),
                    "/api/v1/auth/login",
                    new { email = alice.Email, password }
                );
        }
    }

    public sealed class With_links_that_act_at_once(With_links_that_act_at_once.DirectHouse house)
        : IClassFixture<With_links_that_act_at_once.DirectHouse>
    {
        [Fact]
        public async Task Every_link_goes_the_way_of_the_wire()
        {
            var alice = await house.Person("alice");

            var link = await house.AskForLink(alice.Email);

            Assert.Equal($"/api/auth/reset-password/{Resets.SecretIn(link)}", link.AbsolutePath);
            Assert.Equal("?callbackURL=", link.Query);
        }

        public sealed class DirectHouse : House
        {
            protected override void Configure(Dictionary<string, string> environment) => environment["MAIL_LINKS"] = "direct";
        }
    }
}
