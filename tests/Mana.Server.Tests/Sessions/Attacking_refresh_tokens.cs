using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using Mana.Specs.World;

namespace Mana.Specs.Sessions;

/// <summary>The REF cases of the security catalogue, against two instances where the case asks for two.</summary>
public sealed class Attacking_refresh_tokens(House house) : IClassFixture<House>
{
    private static readonly TimeSpan PastTheWindow = TimeSpan.FromSeconds(31);

    [Fact]
    public async Task REF_01_a_replay_ends_the_whole_family_and_says_why()
    {
        var alice = await house.Person("alice");
        var next = (await Refresh(house.Http, alice.RefreshToken)).Expect(200);
        house.Clock.Move(PastTheWindow);

        (await Refresh(house.Http, alice.RefreshToken)).Expect(401, "UNAUTHORIZED");

        (await Refresh(house.Http, next.Text("refreshToken"))).Expect(401);
        (await Balance(house.Http, next.Text("accessToken"))).Expect(401);
        Assert.Equal(
            "refresh_reuse",
            await house.Database.Read<string>(
                "select metadata->>'reason' from auth.security_events where user_id = $1 and event_type = 'SESSION_REVOKED'",
                alice.Id
            )
        );
    }

    [Fact]
    public async Task REF_02_thirty_parallel_refreshes_on_two_instances_leave_one_successor()
    {
        await using var neighbour = await house.OpenNeighbour();
        HttpClient[] instances = [house.Http, neighbour.Http];
        for (var round = 0; round < 50; round++)
        {
            var alice = round == 0 ? await house.Person("alice") : await house.Person($"alice{round}");

            var replies = await Task.WhenAll(Enumerable.Range(0, 30).Select(number => Refresh(instances[number % 2], alice.RefreshToken)));

            Assert.All(replies, reply => reply.Expect(200));
            var successor = Assert.Single(replies.Select(reply => reply.Text("refreshToken")).Distinct());
            (await Refresh(instances[round % 2], successor)).Expect(200);
        }
    }

    [Fact]
    public async Task REF_03_an_answer_lost_on_the_wire_may_be_asked_for_again_until_the_successor_was_used()
    {
        var alice = await house.Person("alice");
        await SendAndHangUp(alice.RefreshToken);
        house.Clock.Move(TimeSpan.FromSeconds(10));

        var retried = (await Refresh(house.Http, alice.RefreshToken)).Expect(200).Text("refreshToken");
        (await Refresh(house.Http, retried)).Expect(200);

        (await Refresh(house.Http, alice.RefreshToken)).Expect(401);
        (await Refresh(house.Http, retried)).Expect(401);
    }

    [Fact]
    public async Task REF_03_a_client_that_names_its_device_only_when_it_refreshes_may_lose_an_answer_too()
    {
        var alice = await house.Person("alice");
        var body = new { refreshToken = alice.RefreshToken, deviceId = "phone" };
        var lost = (await house.Nobody().Post("/api/v1/auth/refresh", body)).Expect(200).Text("refreshToken");

        Assert.Equal(lost, (await house.Nobody().Post("/api/v1/auth/refresh", body)).Expect(200).Text("refreshToken"));
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData(null, "phone")]
    [InlineData("phone", null)]
    [InlineData("phone", "phone")]
    [InlineData("phone", "tablet")]
    public async Task REF_03_it_is_the_device_of_the_rotation_that_may_ask_again_whatever_signed_in(string? signedIn, string? refreshed)
    {
        var alice = house.Stranger("alice");
        await alice.Register("Alice");
        var token = await SignInOn(alice, signedIn);
        for (var round = 0; round < 2; round++)
        {
            var next = (await RefreshOn(refreshed, token)).Expect(200).Text("refreshToken");
            house.Clock.Move(TimeSpan.FromSeconds(5));
            Assert.Equal(next, (await RefreshOn(refreshed, token)).Expect(200).Text("refreshToken"));
            (refreshed, token) = (signedIn, next); // the device of one rotation says nothing about the next
        }
    }

    [Theory]
    [InlineData("phone", null, "phone")]
    [InlineData("phone", "phone", null)]
    [InlineData("phone", "phone", "tablet")]
    [InlineData(null, null, "tablet")]
    public async Task REF_03_another_device_with_the_old_token_ends_the_session(string? signedIn, string? refreshed, string? again)
    {
        var alice = house.Stranger("alice");
        await alice.Register("Alice");
        var token = await SignInOn(alice, signedIn);
        var next = (await RefreshOn(refreshed, token)).Expect(200).Text("refreshToken");

        (await RefreshOn(again, token)).Expect(401, "UNAUTHORIZED");

        (await RefreshOn(refreshed, next)).Expect(401);
    }

    private static async Task<string> SignInOn(Person person, string? deviceId)
    {
        var body = new
        {
            email = person.Email,
            password = person.Password,
            deviceId,
        };

        return (await person.Post("/api/v1/auth/login", body)).Expect(200).Text("refreshToken");
    }

    private Task<Reply> RefreshOn(string? deviceId, string token) =>
        house
            .Nobody()
            .Post("/api/v1/auth/refresh", deviceId is null ? new { refreshToken = token } : new { refreshToken = token, deviceId });

    [Fact]
    public async Task REF_04_only_the_very_letters_of_a_token_count()
    {
        var alice = house.Stranger("alice");
        await alice.Register("Alice");
        var login = await alice.Login();
        var bob = await house.Person("bob");
        var (token, parts) = (alice.RefreshToken, alice.RefreshToken.Split('.'));
        var swapped = char.IsUpper(parts[2][0]) ? char.ToLowerInvariant(parts[2][0]) : char.ToUpperInvariant(parts[2][0]);
        string[] wrong =
        [
            .. Enumerable.Range(1, 10).Select(cut => token[..^cut]),
            token + "=",
            token + "A",
            token + " ",
            " " + token,
            token.ToUpperInvariant(),
            token.ToLowerInvariant(),
            $"{parts[0]}.{parts[1]}.{swapped}{parts[2][1..]}",
            $"{parts[0]}.00.{parts[2]}",
            $"{parts[0]}.+0.{parts[2]}",
            $"{parts[0]}.1.{parts[2]}",
            $"{parts[0]}-x.{parts[1]}.{parts[2]}",
            $"{parts[0]}-.{parts[1]}.{parts[2]}",
            $"{bob.RefreshToken.Split('.')[0]}.{parts[1]}.{parts[2]}",
            .. LastLetters(token),
            login.Text("token"),
            login.Text("accessToken"),
        ];

        foreach (var attempt in wrong.Where(attempt => attempt != token))
        {
            (await Refresh(house.Http, attempt)).Expect(401, "UNAUTHORIZED");
        }

        (await house.Nobody().Post($"/api/v1/auth/refresh?refreshToken={token}")).Expect(400, "VALIDATION");
        (await Refresh(house.Http, token)).Expect(200);
    }

    [Fact]
    public async Task REF_04_a_token_that_was_revoked_or_is_over_is_worth_as_little_as_a_wrong_one()
    {
        var (alice, bob) = (await house.Person("alice"), await house.Person("bob"));
        (await alice.Post("/api/v1/auth/logout")).Expect(200);
        (await Refresh(house.Http, alice.RefreshToken)).Expect(401, "UNAUTHORIZED");

        house.Clock.Move(TimeSpan.FromDays(8));

        (await Refresh(house.Http, bob.RefreshToken)).Expect(401);
        (await Refresh(house.Http, alice.RefreshToken)).Expect(401, "UNAUTHORIZED");
    }

    [Theory]
    [InlineData("bearer")]
    [InlineData("cookie")]
    [InlineData("body")]
    public async Task REF_06_signing_out_ends_this_session_everywhere_and_no_other(string proof)
    {
        await using var neighbour = await house.OpenNeighbour();
        var alice = house.Stranger("alice");
        await alice.Register("Alice");
        var login = await alice.Login();
        var telephone = await alice.InAnotherApp();
        (await Balance(neighbour.Http, alice.AccessToken)).Expect(200);

        (await SignOut(proof, login)).Expect(200);
        (await SignOut(proof, login)).Expect(200);
        await Task.Delay(TimeSpan.FromSeconds(1));

        foreach (var instance in new[] { house.Http, neighbour.Http })
        {
            (await Balance(instance, alice.AccessToken)).Expect(401);
            (await Refresh(instance, alice.RefreshToken)).Expect(401);
            Assert.Equal("null", (await Send(instance, HttpMethod.Get, "/api/auth/get-session", ("Cookie", login.CookieHeader()))).Body);
            var validation = await Send(
                instance,
                HttpMethod.Post,
                "/api/v1/auth/validate",
                JsonContent.Create(new { token = alice.AccessToken })
            );
            Assert.Equal("Session revoked", validation.Expect(200).Text("error"));
            (await Balance(instance, telephone.AccessToken)).Expect(200);
        }
    }

    [Fact]
    public async Task REF_08_a_sign_out_that_races_a_refresh_always_wins()
    {
        for (var round = 0; round < 50; round++)
        {
            var alice = await house.Person("alice");

            var replies = await Task.WhenAll(
                Refresh(house.Http, alice.RefreshToken),
                alice.Post("/api/v1/auth/logout"),
                Refresh(house.Http, alice.RefreshToken)
            );

            replies[1].Expect(200);
            foreach (
                var refreshed in replies.Where(reply =>
                    reply.Status == 200 && reply.Body.Contains("refreshToken", StringComparison.Ordinal)
                )
            )
            {
                (await Refresh(house.Http, refreshed.Text("refreshToken"))).Expect(401);
                (await Balance(house.Http, refreshed.Text("accessToken"))).Expect(401);
            }
        }
    }

    [Fact]
    public async Task The_refresh_token_of_somebody_who_closed_their_account_says_so_and_ends_the_session()
    {
        var alice = await house.Person("alice");
        await house.Database.Tamper("update auth.users set deleted_at = now() where id = $1", alice.Id);

        var reply = (await Refresh(house.Http, alice.RefreshToken)).Expect(401, "UNAUTHORIZED");

        Assert.Equal("User not found", reply.Text("message"));
        Assert.Equal(
            "account_deleted",
            await house.Database.Read<string>("select revoked_reason from auth.sessions where user_id = $1", alice.Id)
        );
    }

    /// <summary>Other letters at the end that decode to the same bytes: 43 letters hold two bits more than 32 bytes.</summary>
    private static IEnumerable<string> LastLetters(string token) =>
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".Select(letter => token[..^1] + letter);

    private Task<Reply> SignOut(string proof, Reply login) =>
        proof switch
        {
            "bearer" => Send(house.Http, HttpMethod.Post, "/api/v1/auth/logout", ("Authorization", $"Bearer {login.Text("accessToken")}")),
            "cookie" => Send(
                house.Http,
                HttpMethod.Post,
                "/api/v1/auth/logout",
                ("Cookie", login.CookieHeader()),
                ("Origin", house.Address.GetLeftPart(UriPartial.Authority))
            ),
            _ => Send(
                house.Http,
                HttpMethod.Post,
                "/api/v1/auth/logout",
                JsonContent.Create(new { refreshToken = login.Text("refreshToken") })
            ),
        };

    // The request is sent whole, and the socket reset once the service has answered, before anything of the answer is read.
    private async Task SendAndHangUp(string token)
    {
        var body = $$"""{"refreshToken":"{{token}}"}""";
        using var socket = new TcpClient("localhost", house.Address.Port);
        socket.LingerState = new LingerOption(enable: true, seconds: 0);
        var request =
            $"POST /api/v1/auth/refresh HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}";
        await socket.GetStream().WriteAsync(Encoding.ASCII.GetBytes(request));
        var end = DateTime.UtcNow.AddSeconds(10);
        while (socket.Available == 0)
        {
            Assert.True(DateTime.UtcNow < end, "nothing was answered");
            await Task.Delay(10);
        }
    }

    private static Task<Reply> Refresh(HttpClient instance, string token) =>
        Send(instance, HttpMethod.Post, "/api/v1/auth/refresh", JsonContent.Create(new { refreshToken = token }));

    private static Task<Reply> Balance(HttpClient instance, string token) =>
        Send(instance, HttpMethod.Get, "/api/v1/credits/balance", ("Authorization", $"Bearer {token}"));

    private static Task<Reply> Send(HttpClient instance, HttpMethod method, string path, params (string Name, string Value)[] headers) =>
        Send(instance, method, path, null, headers);

    private static async Task<Reply> Send(
        HttpClient instance,
        HttpMethod method,
        string path,
        HttpContent? content,
        params (string Name, string Value)[] headers
    )
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var response = await instance.SendAsync(request);

        return await Reply.Of(response);
    }
}
