using Mana.Specs.World;

namespace Mana.Specs.Sessions;

public sealed class Refreshing_a_session(House house) : IClassFixture<House>
{
    [Fact]
    public async Task B_08_what_login_returned_refreshes_into_a_new_pair()
    {
        var alice = await house.Person("alice");

        var reply = (await Refresh(alice, alice.RefreshToken)).Expect(200);

        Assert.NotEqual(alice.RefreshToken, reply.Text("refreshToken"));
        alice.AccessToken = reply.Text("accessToken");
        (await alice.Get("/api/v1/credits/balance")).Expect(200);
    }

    [Fact]
    public async Task REF_01_the_refresh_token_is_not_the_session_token()
    {
        var alice = house.Stranger("alice");
        await alice.Register("Alice");
        var login = await alice.Login();

        Assert.NotEqual(login.Text("token"), login.Text("refreshToken"));
        Assert.DoesNotContain(login.Text("token"), login.Text("refreshToken"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Twenty_parallel_refreshes_of_one_token_answer_with_one_successor()
    {
        var alice = await house.Person("alice");

        var replies = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Refresh(alice, alice.RefreshToken)));

        Assert.All(replies, reply => reply.Expect(200));
        Assert.Single(replies.Select(reply => reply.Text("refreshToken")).Distinct());
        Assert.Equal(1, await house.Database.Read<int>("select refresh_count from auth.sessions where user_id = $1", alice.Id));
    }

    [Fact]
    public async Task A_lost_answer_may_be_asked_for_again_while_the_window_is_open()
    {
        var alice = await house.Person("alice");
        var first = (await Refresh(alice, alice.RefreshToken)).Expect(200);
        house.Clock.Move(TimeSpan.FromSeconds(29));

        var again = (await Refresh(alice, alice.RefreshToken)).Expect(200);

        Assert.Equal(first.Text("refreshToken"), again.Text("refreshToken"));
    }

    [Fact]
    public async Task After_the_window_a_replay_kills_the_session_and_leaves_one_event()
    {
        var alice = await house.Person("alice");
        var next = (await Refresh(alice, alice.RefreshToken)).Expect(200).Text("refreshToken");
        house.Clock.Move(TimeSpan.FromSeconds(31));

        var replays = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => Refresh(alice, alice.RefreshToken)));

        Assert.All(replays, reply => reply.Expect(401, "UNAUTHORIZED"));
        (await Refresh(alice, next)).Expect(401, "UNAUTHORIZED");
        (await alice.Get("/api/v1/credits/balance")).Expect(401);
        Assert.Equal(
            1,
            await house.Database.Read<long>(
                "select count(*) from auth.security_events where user_id = $1 and event_type = 'SESSION_REVOKED'",
                alice.Id
            )
        );
    }

    [Fact]
    public async Task Once_the_successor_was_used_the_old_token_kills_the_session()
    {
        var alice = await house.Person("alice");
        var second = (await Refresh(alice, alice.RefreshToken)).Expect(200).Text("refreshToken");
        var third = (await Refresh(alice, second)).Expect(200).Text("refreshToken");

        (await Refresh(alice, alice.RefreshToken)).Expect(401);

        (await Refresh(alice, third)).Expect(401);
    }

    [Fact]
    public async Task Another_client_with_the_old_token_kills_the_session_even_inside_the_window()
    {
        var alice = await house.Person("alice");
        await Refresh(alice, alice.RefreshToken);

        var thief = await house
            .Nobody()
            .Send(HttpMethod.Post, "/api/v1/auth/refresh", Body(alice.RefreshToken), ("User-Agent", "somebody else/1.0"));

        thief.Expect(401);
        (await alice.Get("/api/v1/credits/balance")).Expect(401);
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("a.b.c")]
    [InlineData("a.0.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("a.99999999999.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public async Task What_is_no_refresh_token_is_refused(string token)
    {
        var reply = await Refresh(house.Nobody(), token);

        Assert.True(reply.Status is 400 or 401, reply.Body);
    }

    [Fact]
    public async Task A_forged_MAC_is_refused_and_kills_nothing()
    {
        var alice = await house.Person("alice");
        var parts = alice.RefreshToken.Split('.');
        var forged = $"{parts[0]}.{parts[1]}.{new string('A', parts[2].Length)}";

        (await Refresh(house.Nobody(), forged)).Expect(401);

        (await Refresh(alice, alice.RefreshToken)).Expect(200);
    }

    [Fact]
    public async Task A_refresh_token_ends_with_its_session()
    {
        var alice = await house.Person("alice");
        house.Clock.Move(TimeSpan.FromDays(8));

        (await Refresh(alice, alice.RefreshToken)).Expect(401, "TOKEN_EXPIRED");
    }

    [Fact]
    public async Task Nothing_secret_of_a_session_is_found_in_the_database()
    {
        var alice = house.Stranger("alice");
        await alice.Register("Alice");
        var login = await alice.Login();

        foreach (var secret in new[] { login.Text("token"), login.Text("refreshToken").Split('.')[2], login.Text("accessToken") })
        {
            var found = await house.Database.Read<bool>(
                "select exists (select from auth.sessions s where to_jsonb(s)::text like '%' || $1 || '%')",
                secret
            );
            Assert.False(found);
        }
    }

    private static Task<Reply> Refresh(Person person, string token) =>
        person.Send(HttpMethod.Post, "/api/v1/auth/refresh", Body(token), ("Authorization", ""));

    private static System.Net.Http.Json.JsonContent Body(string token) =>
        System.Net.Http.Json.JsonContent.Create(new { refreshToken = token });
}
