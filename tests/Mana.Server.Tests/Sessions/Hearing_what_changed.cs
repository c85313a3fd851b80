using Mana.Specs.Faults;
using Mana.Specs.World;

namespace Mana.Specs.Sessions;

/// <summary>Ruling 5.1: what may be believed of what is heard, and what it costs to hear it.</summary>
public sealed class Hearing_what_changed(FeedHouse house) : IClassFixture<FeedHouse>
{
    [Theory]
    [InlineData("update auth.sessions set revoked_at = now(), revoked_reason = 'elsewhere' where user_id = $1")]
    [InlineData("update auth.users set banned_at = now() where id = $1")]
    [InlineData("delete from auth.users where id = $1")]
    public async Task A_session_read_before_it_ended_and_kept_after_is_not_used(string end)
    {
        var (alice, browser) = await house.SignedIn("alice");
        var sessionId = await house.Database.Read<string>("select id from auth.sessions where user_id = $1", alice.Id);
        await house.Trusted();
        var read = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var race = new OneCut(
            "as asked (hash",
            message => message is { IsRequest: false, Type: 'D' } && message.Mentions(alice.Email),
            async cancel =>
            {
                read.TrySetResult();
                await ended.Task.WaitAsync(cancel);
                return Fate.Forward;
            }
        );
        house.Asking.Watch = race.Inspect;
        var racing = browser.Get("/api/auth/get-session");
        await read.Task;
        var recovery = house.Revocations.Recovery;
        await house.Database.Tamper(end, alice.Id);
        await FeedHouse.Until(
            () => house.Revocations.HasChanged(alice.Id, since: 0) || house.Revocations.HasEnded(sessionId),
            "nothing was heard"
        );
        ended.SetResult();

        Assert.NotEqual("null", (await racing).Expect(200).Body); // it was asked for before the end
        house.Asking.Watch = null;
        Assert.True(house.Feed.IsTrusted);
        Assert.Equal(recovery, house.Revocations.Recovery);
        Assert.Equal("null", (await browser.Get("/api/auth/get-session")).Expect(200).Body);
    }

    [Fact]
    public async Task Through_a_pooler_nothing_that_is_heard_is_trusted()
    {
        var (alice, _) = await house.SignedIn("alice");
        var (bob, _) = await house.SignedIn("bob");
        await house.Trusted();
        var opened = 0;
        house.Listening.Watch = (message, _) =>
        {
            if (message is { IsRequest: false, Type: 'K' })
            {
                message.Bytes[8] ^= 1; // a pooler gives its clients a backend's number of its own
                Interlocked.Increment(ref opened);
            }

            return Task.FromResult(Fate.Forward);
        };
        try
        {
            house.Listening.CutAll();
            await FeedHouse.Until(() => Volatile.Read(ref opened) >= 2, "it was content with a pooler");
            await FeedHouse.Until(() => !house.Feed.IsTrusted, "the feed is trusted although a pooler may have kept something back");
            await house.EndElsewhere(alice);

            (await alice.Get("/api/v1/credits/balance")).Expect(401);
            (await bob.Get("/api/v1/credits/balance")).Expect(200);
        }
        finally
        {
            house.Listening.Watch = null;
        }

        await house.Trusted();
    }

    [Fact]
    public async Task Somebody_who_changes_all_the_time_does_not_use_up_the_memory_for_all()
    {
        const int more = 200_001;
        var (alice, _) = await house.SignedIn("alice");
        await house.Trusted();
        var recovery = house.Revocations.Recovery;

        await house.Database.Tamper("insert into auth.revocations (subject) select 'u' || $1 from generate_series(1, $2)", alice.Id, more);
        await house.Database.Tamper("select pg_notify('mana_feed', '*')");
        await FeedHouse.Until(() => house.Revocations.Recovery > recovery, "what one person did was too much to be read again");

        await house.Trusted();
        await house.Database.Tamper("delete from auth.revocations where subject = 'u' || $1", alice.Id);
    }

    [Fact]
    public async Task A_storm_of_changes_makes_no_storm_of_beats()
    {
        await house.Trusted();
        var beats = 0;
        house.Listening.Watch = (message, _) =>
        {
            beats += message is { IsRequest: true, Type: 'S' } ? 1 : 0;
            return Task.FromResult(Fate.Forward);
        };

        var started = System.Diagnostics.Stopwatch.GetTimestamp();
        for (var change = 0; change < 200; change++)
        {
            await house.Database.Tamper("select pg_notify('mana_feed', 's-nobody-' || $1)", change);
        }

        var took = System.Diagnostics.Stopwatch.GetElapsedTime(started);
        house.Listening.Watch = null;
        Assert.InRange(beats, 1, 2 + (int)(took / TimeSpan.FromMilliseconds(250)));
    }

    [Fact]
    public async Task A_change_that_cannot_be_read_is_not_passed_over()
    {
        await house.Trusted();
        var recovery = house.Revocations.Recovery;

        await house.Database.Tamper("select pg_notify('mana_feed', '')");

        await FeedHouse.Until(() => house.Revocations.Recovery > recovery, "the feed went on as if nothing had been said");
        await house.Trusted();
    }

    [Fact]
    public async Task More_changes_than_memory_holds_make_checks_ask_the_database()
    {
        const int more = 200_001;
        var (alice, _) = await house.SignedIn("alice");
        var (bob, _) = await house.SignedIn("bob");
        await house.Trusted();

        await house.Database.Tamper("insert into auth.revocations (subject) select 's-many-' || n from generate_series(1, $1) n", more);
        await house.Database.Tamper("select pg_notify('mana_feed', '*')");
        await FeedHouse.Until(() => !house.Feed.IsTrusted, "memory is trusted although it cannot hold everything");
        await house.EndElsewhere(alice);

        (await alice.Get("/api/v1/credits/balance")).Expect(401);
        (await bob.Get("/api/v1/credits/balance")).Expect(200);
        await house.Database.Tamper("delete from auth.revocations where subject like 's-many-%'");
        await house.Trusted();
        (await alice.Get("/api/v1/credits/balance")).Expect(401);
        (await bob.Get("/api/v1/credits/balance")).Expect(200);
    }

    [Fact]
    public async Task Signing_in_refreshing_and_renewing_tell_nobody_and_an_end_is_told_once()
    {
        var alice = house.Stranger("alice");
        await alice.Register("Alice");
        await using var neighbour = await house.Database.AsApp();
        var heard = new List<string>();
        neighbour.Notification += (_, notification) => heard.Add(notification.Payload);
        await using (var listen = new Npgsql.NpgsqlCommand("listen mana_feed", neighbour))
        {
            await listen.ExecuteNonQueryAsync();
        }

        var browser = house.Nobody();
        browser.Cookies = (await alice.Login()).CookieHeader();
        house.Clock.Move(TimeSpan.FromDays(2));
        Assert.Contains(
            (await browser.Get("/api/auth/get-session")).Expect(200).SetCookies,
            cookie => cookie.Contains("session_token=", StringComparison.Ordinal)
        );
        var refreshed = await house.Nobody().Post("/api/v1/auth/refresh", new { refreshToken = alice.RefreshToken });
        alice.AccessToken = refreshed.Expect(200).Text("accessToken");
        (await alice.Post("/api/v1/auth/logout")).Expect(200);
        await neighbour.WaitAsync(TimeSpan.FromSeconds(5));
        await neighbour.WaitAsync(TimeSpan.FromMilliseconds(300));

        Assert.Single(heard);
        Assert.StartsWith("s", heard[0], StringComparison.Ordinal);
    }
}
