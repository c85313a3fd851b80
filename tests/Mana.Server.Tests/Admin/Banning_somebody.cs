using Mana.Specs.Sessions;
using Mana.Specs.World;

namespace Mana.Specs.Admin;

/// <summary>Ruling 30, SES-07: a ban ends every session and lets nobody sign in.</summary>
public sealed class Banning_somebody(FeedHouse house) : IClassFixture<FeedHouse>
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private Operator Operator => new(house.Database);

    [Fact]
    public async Task SES_07_cookie_access_token_and_refresh_token_are_dead_within_a_second()
    {
        var (alice, browser) = await house.SignedIn("alice");
        (await alice.Get("/api/v1/credits/balance")).Expect(200);
        Assert.NotEqual("null", (await browser.Get("/api/auth/get-session")).Expect(200).Body);

        Assert.Equal((0, $"{alice.Email} is banned."), await Operator.Users("ban", alice.Email, "sold", "spam"));
        await Task.Delay(Second);

        await NothingWorks(alice, browser);
        Assert.Equal(1, await Events(alice, "USER_BANNED", "sold spam"));
        Assert.Equal(1, await Events(alice, "SESSION_REVOKED", "banned"));
    }

    [Fact]
    public async Task The_right_password_is_told_about_the_ban_and_nobody_else_is()
    {
        var (alice, _) = await house.SignedIn("alice");
        await Operator.Users("ban", alice.Email.ToUpperInvariant());
        var stranger = house.Stranger();

        (await SignIn("/api/v1/auth/login", alice.Email, Phrases.Right)).Expect(403, "BANNED_USER");
        var onTheWire = (await SignIn("/api/auth/sign-in/email", alice.Email, Phrases.Right)).Expect(403, "BANNED_USER");
        Assert.Equal(
            "You have been banned from this application. Please contact support if you believe this is an error.",
            onTheWire.Text("message")
        );
        foreach (var path in new[] { "/api/v1/auth/login", "/api/auth/sign-in/email" })
        {
            var banned = await SignIn(path, alice.Email, Phrases.Wrong);
            var unknown = await SignIn(path, stranger.Email, Phrases.Wrong);
            Assert.Equal((unknown.Status, unknown.Text("message"), unknown.Code), (banned.Status, banned.Text("message"), banned.Code));
        }

        Assert.Equal(
            0,
            await house.Database.Read<long>("select count(*) from auth.sessions where user_id = $1 and revoked_at is null", alice.Id)
        );
        Assert.Equal(2, await Events(alice, "LOGIN_FAILURE", "BANNED_USER"));
    }

    [Fact]
    public async Task A_ban_is_made_once_however_often_it_is_asked_for()
    {
        var (alice, _) = await house.SignedIn("alice");

        var asked = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Operator.Users("ban", alice.Email)));

        Assert.All(asked, answer => Assert.Equal(0, answer.ExitCode));
        Assert.Single(asked, answer => answer.Output == $"{alice.Email} is banned.");
        Assert.Equal(1, await Events(alice, "USER_BANNED"));
        Assert.Equal(1, await Events(alice, "SESSION_REVOKED"));
    }

    [Fact]
    public async Task A_lifted_ban_lets_them_sign_in_again_and_brings_no_session_back()
    {
        var (alice, browser) = await house.SignedIn("alice");
        await Operator.Users("ban", alice.Email);

        Assert.Equal((0, $"{alice.Email} may sign in again."), await Operator.Users("unban", alice.Email));
        Assert.Equal((0, $"{alice.Email} was not banned."), await Operator.Users("unban", alice.Email));
        await Task.Delay(Second);

        await NothingWorks(alice, browser);
        (await alice.Login()).Expect(200);
        (await alice.Get("/api/v1/credits/balance")).Expect(200);
        Assert.Equal(1, await Events(alice, "USER_UNBANNED"));
    }

    [Fact]
    public async Task A_sign_in_that_overtook_the_ban_is_worth_nothing_while_it_lasts_and_ends_with_it()
    {
        var (alice, browser) = await house.SignedIn("alice");
        await house.Database.Tamper("update auth.users set banned_at = now() where id = $1", alice.Id); // the session is not ended
        await Task.Delay(Second);

        await NothingWorks(alice, browser);
        await Operator.Users("unban", alice.Email);
        await Task.Delay(Second);

        await NothingWorks(alice, browser);
    }

    [Fact]
    public async Task Lifting_a_ban_that_does_not_exist_ends_nobodys_sessions()
    {
        var (alice, _) = await house.SignedIn("alice");

        await Operator.Users("unban", alice.Email);

        (await alice.Get("/api/v1/auth/session")).Expect(200);
    }

    [Fact]
    public async Task What_cannot_be_done_is_said_and_shows_in_the_exit_code()
    {
        Assert.Equal((1, "User not found."), await Operator.Users("ban", "nobody@example.com"));
        Assert.Equal((1, "User not found."), await Operator.Users("unban", "nobody@example.com"));
        Assert.Equal(2, (await Operator.Users("ban")).ExitCode);
        Assert.Equal(2, (await Operator.Users()).ExitCode);
        var (exitCode, output) = await Operator.With("DATABASE_URL", "postgresql://mana_app:pw@127.0.0.1:1/mana").Users("ban", "a@b.cd");
        Assert.Equal(1, exitCode);
        Assert.Contains("does not answer", output, StringComparison.Ordinal);
    }

    private async Task NothingWorks(Person person, Person browser)
    {
        (await person.Get("/api/v1/credits/balance")).Expect(401);
        var validation = await house.Nobody().Post("/api/v1/auth/validate", new { token = person.AccessToken });
        Assert.Equal("Session revoked", validation.Expect(200).Text("error"));
        Assert.Equal("null", (await browser.Get("/api/auth/get-session")).Expect(200).Body);
        (await browser.Get("/api/auth/token")).Expect(401);
        (await house.Nobody().Post("/api/v1/auth/refresh", new { refreshToken = person.RefreshToken })).Expect(401);
    }

    private Task<Reply> SignIn(string path, string email, string password) => house.Nobody().Post(path, new { email, password });

    private Task<long> Events(Person person, string type, string metadata = "") =>
        house.Database.Read<long>(
            "select count(*) from auth.security_events where user_id = $1 and event_type = $2 and coalesce(metadata::text, '') like '%' || $3 || '%'",
            person.Id,
            type,
            metadata
        );
}
