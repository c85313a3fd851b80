using Mana.Specs.World;

namespace Mana.Specs.Passwords;

/// <summary>Ruling 12, contract 1.1.10, wire 7.8 to 7.10, REF-07: a reset sets the password, once, and ends every session.</summary>
public sealed class Resetting_a_password(House house) : IClassFixture<House>
{
    [Theory]
    [InlineData("/api/v1/auth/reset-password", """{"success":true,"message":"Password has been reset successfully"}""")]
    [InlineData("/api/auth/reset-password", """{"status":true}""")]
    public async Task REF_07_the_new_password_signs_in_the_old_one_does_not_and_every_session_has_ended(string path, string answer)
    {
        var alice = await house.Person("alice");
        var browser = await alice.InABrowser();
        var secret = await house.AskForSecret(alice.Email);

        var done = await house.Nobody().Post(path, new { token = secret, newPassword = Resets.Chosen });

        Assert.Equal(answer, done.Expect(200).Body);
        Assert.Empty(done.SetCookies);
        var validation = await house.Nobody().Post("/api/v1/auth/validate", new { token = alice.AccessToken });
        Assert.False(validation.Expect(200).Json.GetProperty("valid").GetBoolean());
        (await house.Nobody().Post("/api/v1/auth/refresh", new { refreshToken = alice.RefreshToken })).Expect(401);
        Assert.False(await browser.IsSignedIn());
        (await house.SignIn(alice.Email, alice.Password)).Expect(401, "INVALID_CREDENTIALS");
        (await house.SignIn(alice.Email, Resets.Chosen)).Expect(200);
        await alice.InABrowser(Resets.Chosen);
        Assert.Equal(1, await house.Events(alice.Id, "PASSWORD_RESET_COMPLETED"));
        Assert.Equal(1, await house.Events(alice.Id, "SESSION_REVOKED"));
    }

    [Fact]
    public async Task Somebody_who_is_signed_in_while_they_follow_the_link_is_signed_out_too()
    {
        var alice = await house.Person("alice");
        var secret = await house.AskForSecret(alice.Email);

        (await alice.Post("/api/auth/reset-password", new { token = secret, newPassword = Resets.Chosen })).Expect(200);

        (await alice.Get("/api/v1/credits/balance")).Expect(401);
    }

    [Fact]
    public async Task The_person_is_told_by_mail_and_the_mail_has_no_link()
    {
        var alice = await house.Person("alice");

        (await house.Reset(await house.AskForSecret(alice.Email))).Expect(200);
        await house.Idle();

        var told = Assert.Single(house.Mail.TextsTo(alice.Email), text => text.Contains("has just been changed", StringComparison.Ordinal));
        Assert.DoesNotContain("http", told, StringComparison.Ordinal);
    }

    [Fact]
    public async Task EML_07_of_fifty_parallel_resets_by_one_link_exactly_one_sets_its_password()
    {
        var alice = await house.Person("alice");
        var secret = await house.AskForSecret(alice.Email);
        var passwords = Enumerable.Range(0, 50).Select(number => $"{Resets.Chosen} {number}").ToArray();

        var replies = await Task.WhenAll(
            passwords.Select((password, at) => at % 2 == 0 ? house.Reset(secret, password) : house.ResetOnWire(secret, password))
        );

        var winner = Assert.Single(Enumerable.Range(0, 50), at => replies[at].Status == 200);
        Assert.All(replies.Where((_, at) => at != winner), reply => reply.Expect(400));
        (await house.SignIn(alice.Email, passwords[winner])).Expect(200);
        Assert.Equal(1, await house.Events(alice.Id, "PASSWORD_RESET_COMPLETED"));
    }

    [Fact]
    public async Task An_account_without_a_password_gets_its_first_one()
    {
        var alice = await house.Person("alice");
        await house.Database.Tamper("delete from auth.passwords where user_id = $1", alice.Id);
        await house.Database.Tamper("delete from auth.accounts where user_id = $1", alice.Id);

        (await house.Reset(await house.AskForSecret(alice.Email))).Expect(200);

        var browser = await alice.InABrowser(Resets.Chosen);
        Assert.Equal(
            "credential",
            (await browser.Get("/api/auth/list-accounts")).Expect(200).Json[0].GetProperty("providerId").GetString()
        );
    }

    [Fact]
    public async Task An_account_that_was_closed_gets_no_mail_and_an_earlier_link_does_not_open_it()
    {
        var alice = await house.Person("alice");
        var secret = await house.AskForSecret(alice.Email);
        await house.Database.Tamper("update auth.users set deleted_at = now() where id = $1", alice.Id);
        await house.Idle();
        var before = house.Mail.Mails.Count;

        (await house.Nobody().Post("/api/v1/auth/forgot-password", new { email = alice.Email })).Expect(200);
        (await house.Reset(secret)).Expect(400, "TOKEN_INVALID");

        await house.Idle();
        Assert.Equal(before, house.Mail.Mails.Count);
    }

    [Theory]
    [InlineData("short", "PASSWORD_TOO_SHORT", "Password too short")]
    [InlineData(129, "PASSWORD_TOO_LONG", "Password too long")]
    public async Task B_19_a_password_of_the_wrong_length_is_refused_as_everywhere_and_the_link_survives(
        object password,
        string code,
        string message
    )
    {
        var alice = await house.Person("alice");
        var secret = await house.AskForSecret(alice.Email);
        var refused = password is int length ? new string('x', length) : (string)password;

        var wire = await house.ResetOnWire(secret, refused);
        Assert.Equal($$"""{"message":"{{message}}","code":"{{code}}"}""", wire.Expect(400).Body);
        (await house.Reset(secret, refused)).Expect(400, "WEAK_PASSWORD");

        (await house.Reset(secret)).Expect(200);
    }
}
