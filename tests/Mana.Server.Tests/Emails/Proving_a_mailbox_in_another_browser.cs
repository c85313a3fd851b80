using Mana.Specs.World;

namespace Mana.Specs.Emails;

public sealed class Proving_a_mailbox_in_another_browser(VerifyingHouse house) : IClassFixture<VerifyingHouse>
{
    private const string WrongPassword = Phrases.Wrong;

    [Fact]
    public async Task A_wrong_password_is_refused_near_the_field_and_uses_nothing_up()
    {
        var (alice, _, link) = await house.SignUp();
        var phone = new Browser(house);

        var refused = await phone.Submit((await phone.Open(link)).Form("typed"), ("password", WrongPassword));

        refused.Expect(401);
        var field = refused.Document.QuerySelector("#password")!;
        var error = refused.Document.QuerySelector("#password-error")!;
        Assert.Equal("true", field.GetAttribute("aria-invalid"));
        Assert.Contains(error.Id!, field.GetAttribute("aria-describedby")!.Split(' '));
        Assert.Equal("INVALID_CREDENTIALS", error.GetAttribute("data-code"));
        Assert.Null(refused.Document.QuerySelector("#new-password-error"));
        Assert.DoesNotContain(WrongPassword, refused.Reply.Body, StringComparison.Ordinal);
        Assert.False(await house.IsVerified(alice.Email));

        (await phone.Submit(refused.Form("typed"), ("password", alice.Password))).Expect(200);
        Assert.True(await house.IsVerified(alice.Email));
    }

    [Fact]
    public async Task The_password_of_the_sign_up_is_kept_and_signs_in()
    {
        var (alice, _, link) = await house.SignUp();
        var phone = new Browser(house);

        var done = await phone.Submit((await phone.Open(link)).Form("typed"), ("password", alice.Password));

        Assert.Equal("You are verified", done.Expect(200).Heading);
        Assert.True(phone.HasSession);
        await alice.Login();
    }

    [Fact]
    public async Task A_new_password_drops_the_one_somebody_else_chose_and_its_sessions()
    {
        const string own = "a password of one's own";
        var (alice, mallory, link) = await house.SignUp();
        await house.Database.Tamper(
            """
            insert into auth.sessions (id, user_id, token_hash, expires_at, remember_me, lifetime_seconds, refresh_salt, refresh_expires_at,
                ip_address, user_agent, last_activity_at, created_at, updated_at)
            select 'planted-' || id, id, sha256(id::bytea), now() + interval '1 day', true, 86400, '\x00', now() + interval '1 day',
                '192.0.2.1', 'mallory', now(), now(), now()
            from auth.users where email = $1
            """,
            alice.Email
        );
        var phone = new Browser(house);

        var done = await phone.Submit((await phone.Open(link)).Form("replaced"), ("new-password", own));

        done.Expect(200);
        Assert.True(phone.HasSession);
        Assert.False(mallory.HasSession);
        Assert.Equal(1, await house.OpenSessions(alice.Email));
        (await alice.Post("/api/v1/auth/login", new { email = alice.Email, password = alice.Password })).Expect(401, "INVALID_CREDENTIALS");
        (await alice.Post("/api/v1/auth/login", new { email = alice.Email, password = own })).Expect(200);
    }

    [Fact]
    public async Task A_new_password_that_is_too_short_is_refused_near_its_own_field()
    {
        var (alice, _, link) = await house.SignUp();
        var phone = new Browser(house);

        var refused = await phone.Submit((await phone.Open(link)).Form("replaced"), ("new-password", "short"));

        refused.Expect(400);
        Assert.Equal("WEAK_PASSWORD", refused.Document.QuerySelector("#new-password-error")!.GetAttribute("data-code"));
        Assert.Null(refused.Document.QuerySelector("#password-error"));
        Assert.NotNull(refused.Document.QuerySelector("details[open]"));
        Assert.False(await house.IsVerified(alice.Email));
    }
}
