using Mana.Emails;
using Mana.Platform.Http;
using Mana.Specs.World;
using Microsoft.Extensions.DependencyInjection;

namespace Mana.Specs.Emails;

/// <summary>The v1 twins (contract 1.1.11) on the same verbs, with mail links that open pages.</summary>
public sealed class Confirming_an_address_on_v1(VerifyingHouse house) : IClassFixture<VerifyingHouse>
{
    [Fact]
    public async Task A_change_is_asked_for_and_confirmed()
    {
        var (alice, wanted) = (await Verified(), Wanted());

        var asked = await alice.Post(
            "/api/v1/auth/change-email",
            new { newEmail = $"  {wanted.ToUpperInvariant()} ", callbackURL = $"{VerifyingHouse.FrontEnd}/settings" }
        );

        Assert.Equal("""{"success":true,"message":"Verification email sent to new address"}""", asked.Expect(200).Body);
        var link = await house.Mail.LinkTo(wanted, "/confirm-email");
        Assert.EndsWith("&callbackURL=http%3A%2F%2Flocalhost%3A3000%2Fsettings", link.Query, StringComparison.Ordinal);
        Assert.Equal(alice.Email, await AddressOf(alice));

        var followed = await house.Nobody().Get($"/api/v1/auth/verify-email{link.Query}");

        Assert.Equal($"{VerifyingHouse.FrontEnd}/settings", followed.Expect(302).Header("Location"));
        Assert.Equal(wanted, await AddressOf(alice));
        (await alice.Get("/api/v1/auth/profile")).Expect(401); // the access token still says the old address
    }

    [Fact]
    public async Task EML_09_looking_at_a_link_uses_nothing_up()
    {
        var (alice, wanted) = (await Verified(), Wanted());
        (await alice.Post("/api/v1/auth/change-email", new { newEmail = wanted })).Expect(200);
        var secret = Secret(await house.Mail.LinkTo(wanted, "/confirm-email"));
        var change = house.Services.GetRequiredService<ChangeEmail>();

        for (var look = 0; look < 5; look++)
        {
            var seen = await change.Look(secret, CancellationToken.None);
            Assert.Equal((wanted, alice.Email), (seen.Value.NewEmail, seen.Value.User.Email));
        }

        Assert.Equal(alice.Email, await AddressOf(alice));
        Assert.False((await change.Run(secret, signedIn: null, new Requester("", "", ""), CancellationToken.None)).IsRefused);
        Assert.True((await change.Look(secret, CancellationToken.None)).IsRefused);
    }

    [Fact]
    public async Task ENU_04_a_taken_address_is_refused_by_name_where_that_may_be_told()
    {
        var (alice, bob) = (await Verified(), await Verified());

        (await alice.Post("/api/v1/auth/change-email", new { newEmail = bob.Email })).Expect(409, "EMAIL_ALREADY_REGISTERED");
        (await alice.Post("/api/v1/auth/change-email", new { newEmail = alice.Email })).Expect(400, "VALIDATION");

        await house.Idle();
        Assert.DoesNotContain(house.Mail.TextsTo(alice.Email), text => text.Contains("was asked for", StringComparison.Ordinal));
    }

    [Fact]
    public async Task EML_12_an_old_session_and_a_strange_target_are_refused()
    {
        var alice = await Verified();

        (await house.Nobody().Post("/api/v1/auth/change-email", new { newEmail = Wanted() })).Expect(401);
        (await alice.Post("/api/v1/auth/change-email", new { newEmail = Wanted(), callbackURL = "https://evil.example.net" })).Expect(
            400,
            "VALIDATION"
        );
        house.Clock.Move(TimeSpan.FromHours(25));
        var token = (await house.Nobody().Post("/api/v1/auth/refresh", new { refreshToken = alice.RefreshToken })).Expect(200);
        alice.AccessToken = token.Text("accessToken");
        (await alice.Post("/api/v1/auth/change-email", new { newEmail = Wanted() })).Expect(403, "SESSION_NOT_FRESH");
    }

    [Fact]
    public async Task A_verification_link_signs_in_and_a_second_click_does_not()
    {
        var (alice, _, link) = await house.SignUp();

        var followed = await house.Nobody().Get($"/api/v1/auth/verify-email?token={Secret(link)}");

        Assert.True(followed.Expect(200).Json.GetProperty("user").GetProperty("emailVerified").GetBoolean());
        Assert.StartsWith("mana.session_token=", Assert.Single(followed.SetCookies), StringComparison.Ordinal);
        Assert.True(await house.IsVerified(alice.Email));
        Assert.Empty((await house.Nobody().Get($"/api/v1/auth/verify-email?token={Secret(link)}")).Expect(200).SetCookies);
    }

    [Fact]
    public async Task A_bad_link_says_so_where_it_leads_and_a_strange_target_leads_to_the_front_end()
    {
        var nobody = house.Nobody();

        (await nobody.Get("/api/v1/auth/verify-email?token=nonsense")).Expect(400, "TOKEN_INVALID");
        (await nobody.Get("/api/v1/auth/verify-email")).Expect(400, "TOKEN_INVALID");
        Assert.Equal(
            $"{VerifyingHouse.FrontEnd}/welcome?error=invalid_token",
            (await nobody.Get($"/api/v1/auth/verify-email?token=nonsense&callbackURL={VerifyingHouse.FrontEnd}/welcome"))
                .Expect(302)
                .Header("Location")
        );
        Assert.Equal(
            "http://localhost:5173/?error=invalid_token",
            (await nobody.Get("/api/v1/auth/verify-email?token=nonsense&callbackURL=https://evil.example.net"))
                .Expect(302)
                .Header("Location")
        );
    }

    [Fact]
    public async Task ENU_03_a_link_is_sent_again_to_whoever_needs_one_and_everybody_is_answered_alike()
    {
        var (alice, _, link) = await house.SignUp();
        var bob = await Verified();
        await house.Idle();
        var before = house.Mail.Mails.Count;

        var needed = await house.Nobody().Post("/api/v1/auth/resend-verification", new { email = alice.Email });
        var proved = await house.Nobody().Post("/api/v1/auth/resend-verification", new { email = bob.Email });
        var nobody = await house.Nobody().Post("/api/v1/auth/resend-verification", new { email = Wanted() });

        Assert.True(needed.Expect(200).Json.GetProperty("success").GetBoolean());
        Assert.Equal(needed.Body, proved.Expect(200).Body);
        Assert.Equal(needed.Body, nobody.Expect(200).Body);
        Assert.NotEqual(link, await house.LinkAfter(link, alice.Email));
        await house.Idle();
        Assert.Equal(before + 1, house.Mail.Mails.Count);
        Assert.Equal(
            1,
            await house.Database.Read<long>(
                """
                select count(*) from auth.security_events e join auth.users u on u.id = e.user_id
                where u.email = $1 and e.event_type = 'EMAIL_VERIFICATION_RESENT'
                """,
                alice.Email
            )
        );
    }

    private async Task<Person> Verified()
    {
        var (alice, _, link) = await house.SignUp();
        (await house.Nobody().Get($"/api/auth/verify-email?token={Secret(link)}")).Expect(200);
        await alice.Login();

        return alice;
    }

    private static string Wanted() => $"new-{Guid.NewGuid():N}@example.com";

    private static string Secret(Uri link) => System.Web.HttpUtility.ParseQueryString(link.Query)["token"]!;

    private Task<string> AddressOf(Person person) => house.Database.Read<string>("select email from auth.users where id = $1", person.Id);
}
