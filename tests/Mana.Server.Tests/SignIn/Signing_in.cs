using System.Text.Json;
using Mana.Specs.World;

namespace Mana.Specs.SignIn;

public sealed class Signing_in(House house) : IClassFixture<House>
{
    [Fact]
    public async Task B_16_login_answers_tokens_and_sets_the_session_cookie()
    {
        var alice = house.Stranger("alice");
        await alice.Register("Alice");

        var reply = await alice.Login();

        Assert.Equal(900, reply.Json.GetProperty("expiresIn").GetInt32());
        Assert.Equal("Bearer", reply.Text("tokenType"));
        var cookie = Assert.Single(reply.SetCookies);
        Assert.StartsWith($"mana.session_token={reply.Text("token")}.", cookie, StringComparison.Ordinal);
        Assert.EndsWith("; Max-Age=604800; Path=/; HttpOnly; SameSite=Lax", cookie, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Unknown_address_and_wrong_password_are_told_apart_by_nobody()
    {
        var alice = house.Stranger("alice");
        await alice.Register("Alice");

        var wrong = await alice.Post("/api/v1/auth/login", new { email = alice.Email, password = Phrases.Wrong });
        var unknown = await alice.Post("/api/v1/auth/login", new { email = "x" + alice.Email, password = Phrases.Wrong });

        wrong.Expect(401, "INVALID_CREDENTIALS");
        Assert.Equal(Comparable(wrong), Comparable(unknown));
    }

    [Fact]
    public async Task B_92_every_try_leaves_one_event()
    {
        var alice = house.Stranger("alice");
        await alice.Register("Alice");
        house.Clock.Move(TimeSpan.FromSeconds(1));
        await alice.Post("/api/v1/auth/login", new { email = alice.Email, password = Phrases.Wrong });
        house.Clock.Move(TimeSpan.FromSeconds(1));
        await alice.Login();

        var events = await house.Database.Read<string>(
            "select string_agg(event_type, ' ' order by created_at) from auth.security_events where user_id = $1",
            alice.Id
        );

        Assert.Equal("REGISTER LOGIN_FAILURE LOGIN_SUCCESS", events);
    }

    [Fact]
    public async Task B_18_a_cookie_without_a_good_signature_is_no_session()
    {
        var alice = house.Stranger("alice");
        await alice.Register("Alice");
        var token = (await alice.Login()).Text("token");
        var browser = house.Nobody();

        foreach (var forged in new[] { token, $"{token}.", $"{token}.{new string('A', 43)}%3D" })
        {
            browser.Cookies = $"mana.session_token={forged}";
            var reply = (await browser.Get("/api/auth/get-session")).Expect(200);
            Assert.Equal("null", reply.Body);
            Assert.Empty(reply.SetCookies);
        }
    }

    [Fact]
    public async Task The_session_of_a_remembered_device_lasts_thirty_days()
    {
        var alice = house.Stranger("alice");
        await alice.Register("Alice");

        var reply = await alice.Post(
            "/api/v1/auth/login",
            new
            {
                email = alice.Email,
                password = alice.Password,
                rememberMe = true,
                deviceId = "d1",
                deviceName = "Phone",
            }
        );

        Assert.Contains("Max-Age=2592000", Assert.Single(reply.Expect(200).SetCookies), StringComparison.Ordinal);
        Assert.Equal("d1", await house.Database.Read<string>("select device_id from auth.sessions where user_id = $1", alice.Id));
    }

    [Fact]
    public async Task An_imported_hash_signs_in_and_is_upgraded()
    {
        var alice = await house.Person("alice");
        const string scrypt =
            "53a72236a74046a170a65bbc9d702a35:d61bd5eaf61315ad643f6698fdec20d0ad0c8dfee4dcf27fb45b5f86128db3237e0caac5f029698976b23f25f2eeb3899f0e4467477c19ad11cb568f064a3350";
        await house.Database.Tamper("update auth.passwords set hashed_password = $2 where user_id = $1", alice.Id, scrypt);

        (await alice.Post("/api/v1/auth/login", new { email = alice.Email, password = "password1234" })).Expect(200);

        var stored = await house.Database.Read<string>("select hashed_password from auth.passwords where user_id = $1", alice.Id);
        Assert.StartsWith("$argon2id$", stored, StringComparison.Ordinal);
        (await alice.Post("/api/v1/auth/login", new { email = alice.Email, password = "password1234" })).Expect(200);
    }

    [Fact]
    public async Task PWD_05_a_hash_that_cannot_be_stored_anew_keeps_nobody_out()
    {
        var alice = await house.Person("alice");
        var old = Mana.Protocols.Passwords.StoredPassword.Create(alice.Password, new(MemoryKib: 8_192, Passes: 1));
        await house.Database.Tamper("update auth.passwords set hashed_password = $2 where user_id = $1", alice.Id, old);
        await house.Database.Tamper(
            "alter table auth.passwords add constraint frozen check (hashed_password not like '$argon2id$v=19$m=19456%') not valid"
        );
        try
        {
            await alice.Login();
            await alice.Login();
            Assert.Equal(old, await Stored(alice));
        }
        finally
        {
            await house.Database.Tamper("alter table auth.passwords drop constraint frozen");
        }

        await alice.Login();
        Assert.StartsWith("$argon2id$v=19$m=19456,t=2,p=1$", await Stored(alice), StringComparison.Ordinal);
    }

    private Task<string> Stored(Person person) =>
        house.Database.Read<string>("select hashed_password from auth.passwords where user_id = $1", person.Id);

    private static string Comparable(Reply reply)
    {
        var members = reply.Json.EnumerateObject().Where(member => member.Name is not ("timestamp" or "requestId"));

        return JsonSerializer.Serialize(members.ToDictionary(member => member.Name, member => member.Value.GetRawText()));
    }
}
