using System.Globalization;
using System.Text.Json.Nodes;

namespace Mana.Specs.Wire;

/// <summary>What the recording did between two requests, behind the reference's back: it waited, or wrote a session's row by hand.</summary>
public static class Interludes
{
    private static readonly TimeSpan StaleAfter = TimeSpan.FromHours(25);

    /// <summary>Five wrong passwords close an address for half an hour (ruling 20); the reference has no lockout.</summary>
    private static readonly TimeSpan Locked = TimeSpan.FromMinutes(31);

    private static readonly Dictionary<int, Func<Replay, Task>> Steps = new()
    {
        // "signup with extra+protected field" again without that field, so that what eve does afterwards can be compared.
        [35] = replay => AgainWithout(replay, 34, "role"),
        // "get-session due refresh", "not fresh": bob's session is a day and an hour old.
        [192] = replay => Wait(replay, StaleAfter),
        // "expired session"
        [197] = replay => Wait(replay, TimeSpan.FromDays(8)),
        // "refresh on other authed endpoint": a session of bob's that is six days old.
        [198] = replay => SignedIn(replay, "tokrefresh", "bob@example.com", TimeSpan.FromDays(6)),
        // "delete-user not fresh"
        [647] = replay => Wait(replay, StaleAfter),
        // "rl ok": 98 more of the same, which the transcript leaves out.
        [777] = replay => Repeat(replay, 98),
        // "rl after window"
        [778] = replay => Wait(replay, TimeSpan.FromSeconds(10)),
        // "verify expired": an hour has passed since fay signed up.
        [796] = replay => Wait(replay, TimeSpan.FromMinutes(61)),
        // "verify signed in already as the same user": another link, because that one is over.
        [804] = replay => Post(replay, "send-verification-email", new { email = "fay@example.com" }),
        // "e get-session defer needsRefresh": ed's session is five days old.
        [836] = replay => Wait(replay, TimeSpan.FromDays(5)),
        // "c refresh via middleware": a session that is six days old.
        [844] = async replay =>
        {
            await Wait(replay, Locked);
            await SignedIn(replay, "tokc1795241309042", "cc1795241063519@example.com", TimeSpan.FromDays(6));
        },
        // "reset req 2": mails asked for at once may arrive in any order, and the recording tells the older from the newer.
        [860] = replay => replay.House.Idle(),
        // "c revoked but cached: change-password": the row is gone, and only the reference's cookie remembers it.
        [961] = async replay =>
        {
            await replay.House.Database.Tamper(
                "update auth.sessions set revoked_at = now(), revoked_reason = 'by hand' where revoked_at is null"
            );
            await Task.Delay(TimeSpan.FromSeconds(1)); // until everybody has heard of it
        },
        // "c signup v6": another script, another time.
        [978] = replay => Wait(replay, TimeSpan.FromMinutes(1)),
    };

    public static Task Before(int exchange, Replay replay) => Steps.TryGetValue(exchange, out var step) ? step(replay) : Task.CompletedTask;

    private static async Task AgainWithout(Replay replay, int number, string member)
    {
        var exchange = Exchange.All.First(candidate => candidate.Number == number);
        var body = JsonNode.Parse(exchange.Request.Body.GetRawText())!.AsObject();
        body.Remove(member);
        replay.Names.LearnFrom(exchange.Answer, (await Post(replay, exchange.Request.Path.TrimStart('/'), body)).Expect(200));
    }

    private static Task Wait(Replay replay, TimeSpan time)
    {
        replay.House.Clock.Move(time);
        return Task.CompletedTask;
    }

    /// <summary>A sign-in that happened a while ago; the recording calls its token by a name of its own.</summary>
    private static async Task SignedIn(Replay replay, string token, string email, TimeSpan ago)
    {
        var reply = (await Post(replay, "sign-in/email", new { email, password = "password1234" })).Expect(200);
        var cookie = reply.SetCookies[0].Split(';')[0];
        var signed = Uri.UnescapeDataString(cookie[(cookie.IndexOf('=', StringComparison.Ordinal) + 1)..]);
        replay.Names.Learn(Protocols.Cookies.SignedCookie.Sign(token, System.Text.Encoding.UTF8.GetBytes(ReplayHouse.Secret)), signed);
        replay.Names.Learn(token, signed[..signed.LastIndexOf('.')]);
        await replay.House.Database.Tamper(
            """
            update auth.sessions set
                created_at = created_at - $1, updated_at = updated_at - $1, last_activity_at = last_activity_at - $1,
                expires_at = expires_at - $1
            where id = (select id from auth.sessions order by created_at desc, id limit 1)
            """,
            ago
        );
    }

    private static async Task Repeat(Replay replay, int times)
    {
        for (var index = 0; index < times; index++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/api/auth/ok");
            request.Headers.Add("X-Forwarded-For", "203.0.113.10");
            using var response = await replay.House.Http.SendAsync(request);
            Assert.True(response.IsSuccessStatusCode, index.ToString(CultureInfo.InvariantCulture));
        }
    }

    private static async Task<World.Reply> Post(Replay replay, string endpoint, object body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/auth/" + endpoint)
        {
            Content = System.Net.Http.Json.JsonContent.Create(body),
        };
        request.Headers.Add("User-Agent", "rec/1.0");
        using var response = await replay.House.Http.SendAsync(request);

        return await World.Reply.Of(response);
    }
}
