using System.Net.Http.Json;
using System.Text.Json;
using Mana.Specs.World;

namespace Mana.Specs.Sessions;

/// <summary>SES-08: people see where they are signed in and end it, one by one or together.</summary>
public sealed class Listing_and_ending_sessions(House house) : IClassFixture<House>
{
    [Fact]
    public async Task SES_08_the_list_shows_every_live_session_once_and_no_secret()
    {
        var alice = await house.Person("alice");
        var login = await alice.Send(
            HttpMethod.Post,
            "/api/v1/auth/login",
            JsonContent.Create(
                new
                {
                    email = alice.Email,
                    password = alice.Password,
                    deviceId = "d-1",
                    deviceName = "Alice's telephone",
                }
            ),
            ("User-Agent", "phone/1.0"),
            ("Authorization", "")
        );
        var telephone = login.Expect(200).Text("accessToken");
        house.Clock.Move(TimeSpan.FromMinutes(1));
        var ended = await alice.InAnotherApp();
        (await ended.Post("/api/v1/auth/logout")).Expect(200);

        var reply = (await alice.Send(HttpMethod.Get, "/api/v1/auth/sessions", null, ("Authorization", $"Bearer {telephone}"))).Expect(200);

        var sessions = reply.Json.EnumerateArray().ToArray();
        Assert.Equal(2, sessions.Length);
        var current = Assert.Single(sessions, session => session.GetProperty("current").GetBoolean());
        Assert.Equal("phone/1.0", current.GetProperty("userAgent").GetString());
        Assert.Equal("d-1", current.GetProperty("deviceId").GetString());
        Assert.Equal("Alice's telephone", current.GetProperty("deviceName").GetString());
        Assert.NotEqual("", current.GetProperty("ipAddress").GetString());
        Assert.All(sessions, session => Assert.Equal(9, session.EnumerateObject().Count()));
        foreach (var secret in new[] { login.Text("token"), login.Text("refreshToken"), alice.RefreshToken })
        {
            Assert.DoesNotContain(secret, reply.Body, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task SES_08_ending_another_of_ones_own_ends_everything_it_gave_and_nothing_else()
    {
        var alice = await house.Person("alice");
        var telephone = await alice.InAnotherApp();
        var id = (await Sessions(alice)).Single(session => !session.GetProperty("current").GetBoolean()).GetProperty("id").GetString()!;

        (await alice.Delete($"/api/v1/auth/sessions/{id}")).Expect(204);

        (await telephone.Get("/api/v1/credits/balance")).Expect(401);
        (await Refresh(telephone)).Expect(401);
        (await alice.Get("/api/v1/credits/balance")).Expect(200);
        Assert.Single(await Sessions(alice));
        (await alice.Delete($"/api/v1/auth/sessions/{id}")).Expect(404, "NOT_FOUND");
        var revoked = Assert.Single(await Events(alice, "SESSION_REVOKED"));
        Assert.Equal("revoked", revoked.GetProperty("metadata").GetProperty("reason").GetString());
        Assert.Equal(id, revoked.GetProperty("metadata").GetProperty("sessionIds")[0].GetString());
    }

    [Fact]
    public async Task SES_08_the_current_session_may_be_ended_too()
    {
        var alice = await house.Person("alice");
        var id = (await Sessions(alice)).Single().GetProperty("id").GetString()!;

        var reply = (await alice.Delete($"/api/v1/auth/sessions/{id}")).Expect(204);

        Assert.Contains(reply.SetCookies, cookie => cookie.StartsWith("mana.session_token=;", StringComparison.Ordinal));
        (await alice.Get("/api/v1/auth/sessions")).Expect(401);
    }

    [Fact]
    public async Task ENU_05_somebody_elses_session_and_one_that_never_was_are_the_same_404()
    {
        var (alice, bob) = (await house.Person("alice"), await house.Person("bob"));
        var id = (await Sessions(bob)).Single().GetProperty("id").GetString()!;

        var others = (await alice.Delete($"/api/v1/auth/sessions/{id}")).Expect(404, "NOT_FOUND");
        var nobodys = (await alice.Delete($"/api/v1/auth/sessions/{new string('x', 32)}")).Expect(404, "NOT_FOUND");

        Assert.Equal(others.Text("message"), nobodys.Text("message"));
        (await bob.Get("/api/v1/credits/balance")).Expect(200);
    }

    [Fact]
    public async Task Ending_the_others_leaves_the_one_that_asked()
    {
        var alice = await house.Person("alice");
        Person[] others = [await alice.InAnotherApp(), await alice.InAnotherApp(), await alice.InABrowser()];

        (await alice.Delete("/api/v1/auth/sessions/others")).Expect(204);

        (await others[0].Get("/api/v1/credits/balance")).Expect(401);
        (await Refresh(others[1])).Expect(401);
        Assert.Equal("null", (await others[2].Get("/api/auth/get-session")).Expect(200).Body);
        Assert.Single(await Sessions(alice));
        var revoked = Assert.Single(await Events(alice, "SESSION_REVOKED"));
        Assert.Equal(3, revoked.GetProperty("metadata").GetProperty("sessionIds").GetArrayLength());
    }

    [Fact]
    public async Task Ending_all_ends_the_one_that_asked_too()
    {
        var alice = await house.Person("alice");
        var telephone = await alice.InAnotherApp();

        (await alice.Delete("/api/v1/auth/sessions")).Expect(204);

        (await alice.Get("/api/v1/credits/balance")).Expect(401);
        (await telephone.Get("/api/v1/credits/balance")).Expect(401);
        (await Refresh(alice)).Expect(401);
    }

    [Fact]
    public async Task Two_who_end_each_other_at_once_both_succeed_or_find_the_door_shut()
    {
        for (var round = 0; round < 10; round++)
        {
            var alice = await house.Person("alice");
            var telephone = await alice.InAnotherApp();

            var replies = await Task.WhenAll(
                alice.Delete("/api/v1/auth/sessions/others"),
                telephone.Delete("/api/v1/auth/sessions"),
                Refresh(alice),
                Refresh(telephone)
            );

            Assert.All(replies, reply => Assert.True(reply.Status is 200 or 204 or 401, reply.Body));
            Assert.Equal(replies[1].Status == 204 ? 0 : 1, await Live(alice));
        }
    }

    [Fact]
    public async Task One_sees_what_happened_to_ones_own_account_newest_first()
    {
        var (alice, bob) = (await house.Person("alice"), await house.Person("bob"));
        house.Clock.Move(TimeSpan.FromSeconds(1));
        await alice.InAnotherApp();

        var events = (await alice.Get("/api/v1/auth/security-events")).Expect(200).Json.EnumerateArray().ToArray();

        Assert.Equal(3, events.Length);
        Assert.Equal("LOGIN_SUCCESS", events[0].GetProperty("eventType").GetString());
        Assert.Equal(6, events[0].EnumerateObject().Count());
        Assert.True(events[0].GetProperty("createdAt").GetDateTimeOffset() > events[1].GetProperty("createdAt").GetDateTimeOffset());
        Assert.Single((await alice.Get("/api/v1/auth/security-events?limit=1")).Expect(200).Json.EnumerateArray());
        Assert.Equal(2, (await bob.Get("/api/v1/auth/security-events")).Expect(200).Json.GetArrayLength());
    }

    [Theory]
    [InlineData("0")]
    [InlineData("201")]
    [InlineData("-1")]
    [InlineData("x")]
    public async Task A_limit_nobody_grants_is_refused(string limit)
    {
        var alice = await house.Person("alice");

        (await alice.Get($"/api/v1/auth/security-events?limit={limit}")).Expect(400, "VALIDATION");
    }

    private static async Task<JsonElement[]> Sessions(Person person) =>
        [.. (await person.Get("/api/v1/auth/sessions")).Expect(200).Json.EnumerateArray()];

    private static async Task<JsonElement[]> Events(Person person, string type) =>
        [
            .. (await person.Get("/api/v1/auth/security-events"))
                .Expect(200)
                .Json.EnumerateArray()
                .Where(entry => entry.GetProperty("eventType").GetString() == type),
        ];

    private static Task<Reply> Refresh(Person person) =>
        person.Send(
            HttpMethod.Post,
            "/api/v1/auth/refresh",
            JsonContent.Create(new { refreshToken = person.RefreshToken }),
            ("Authorization", "")
        );

    private Task<long> Live(Person person) =>
        house.Database.Read<long>("select count(*) from auth.sessions where user_id = $1 and revoked_at is null", person.Id);
}
