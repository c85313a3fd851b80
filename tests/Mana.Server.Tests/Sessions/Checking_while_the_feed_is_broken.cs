using Mana.Specs.World;

namespace Mana.Specs.Sessions;

/// <summary>Ruling 5.1: while nobody knows what was revoked, checks go to the database, many in one statement, or are a 503.</summary>
public sealed class Checking_while_the_feed_is_broken(FeedHouse house) : IClassFixture<FeedHouse>
{
    [Theory]
    [InlineData(Line.Blackhole)]
    [InlineData(Line.Refuse)]
    [InlineData(Line.Reset)]
    public async Task What_was_revoked_is_refused_at_once_and_what_was_not_is_accepted(Line line)
    {
        var (alice, herBrowser) = await house.SignedIn("alice");
        var (bob, hisBrowser) = await house.SignedIn("bob");
        await house.Trusted();
        await AreAccepted(alice, herBrowser);

        await house.Deaf(
            async () =>
            {
                await house.EndElsewhere(alice);

                await AreRefused(alice, herBrowser);
                await AreAccepted(bob, hisBrowser);
            },
            line
        );

        await AreRefused(alice, herBrowser);
        await AreAccepted(bob, hisBrowser);
    }

    [Fact]
    public async Task Hundreds_of_checks_at_once_cost_a_few_statements()
    {
        const int checks = 400;
        var (alice, browser) = await house.SignedIn("alice");
        await house.Trusted();
        await AreAccepted(alice, browser);

        await house.Deaf(async () =>
        {
            var flights = 0;
            house.Asking.Delay = TimeSpan.FromMilliseconds(20);
            house.Asking.Watch = (message, _) =>
            {
                if (message is { IsRequest: true, Type: 'S' })
                {
                    Interlocked.Increment(ref flights);
                }

                return Task.FromResult(Fate.Forward);
            };
            var replies = await Task.WhenAll(
                Enumerable.Range(0, checks).Select(at => at % 2 == 0 ? Validate(alice) : browser.Get("/api/auth/get-session"))
            );
            house.Asking.Watch = null;
            house.Asking.Delay = TimeSpan.Zero;

            Assert.All(replies, reply => reply.Expect(200));
            Assert.All(replies, reply => Assert.NotEqual("null", reply.Body));
            Assert.InRange(flights, 1, checks / 4);
        });
    }

    [Fact]
    public async Task With_the_database_gone_too_nothing_is_accepted_and_nobody_is_signed_out()
    {
        house.ExpectErrors();
        var (alice, browser) = await house.SignedIn("alice");
        await house.Trusted();
        await AreAccepted(alice, browser);

        await house.Deaf(async () =>
        {
            house.Asking.Set(Line.Refuse);
            var validation = await Validate(alice);
            var session = await browser.Get("/api/auth/get-session");
            house.Asking.Set(Line.Pass);

            validation.Expect(503, "SERVICE_UNAVAILABLE");
            Assert.False(validation.Json.TryGetProperty("valid", out _));
            session.Expect(503, "SERVICE_UNAVAILABLE");
            Assert.Empty(session.SetCookies);
        });

        await AreAccepted(alice, browser);
    }

    private async Task AreAccepted(Person person, Person browser)
    {
        (await person.Get("/api/v1/credits/balance")).Expect(200);
        Assert.True((await Validate(person)).Expect(200).Json.GetProperty("valid").GetBoolean());
        Assert.NotEqual("null", (await browser.Get("/api/auth/get-session")).Expect(200).Body);
        (await browser.Get("/api/auth/token")).Expect(200);
    }

    private async Task AreRefused(Person person, Person browser)
    {
        (await person.Get("/api/v1/credits/balance")).Expect(401);
        Assert.Equal("Session revoked", (await Validate(person)).Expect(200).Text("error"));
        Assert.Equal("null", (await browser.Get("/api/auth/get-session")).Expect(200).Body);
        (await browser.Get("/api/auth/token")).Expect(401);
    }

    private Task<Reply> Validate(Person person) => house.Nobody().Post("/api/v1/auth/validate", new { token = person.AccessToken });
}

/// <summary>The same with room for one.</summary>
public sealed class Checking_more_at_once_than_may_wait(NarrowHouse house) : IClassFixture<NarrowHouse>
{
    [Fact]
    public async Task Whoever_finds_no_room_is_told_to_come_back_and_keeps_their_session()
    {
        var (alice, browser) = await house.SignedIn("alice");

        await house.Deaf(async () =>
        {
            house.Asking.Delay = TimeSpan.FromMilliseconds(200);
            var asked = Enumerable
                .Range(0, 40)
                .Select(at =>
                    at % 2 == 0
                        ? house.Nobody().Post("/api/v1/auth/validate", new { token = alice.AccessToken })
                        : browser.Get("/api/auth/get-session")
                );
            var replies = await Task.WhenAll(asked);
            house.Asking.Delay = TimeSpan.Zero;

            var turnedAway = replies.Where(reply => reply.Status == 503).ToList();
            Assert.NotEmpty(turnedAway);
            Assert.All(turnedAway, reply => Assert.Equal("2", reply.Header("Retry-After")));
            Assert.All(turnedAway, reply => Assert.Empty(reply.SetCookies));
            Assert.Contains(replies, reply => reply.Status == 200);
            Assert.All(replies.Except(turnedAway), reply => reply.Expect(200));
        });
    }
}

public sealed class NarrowHouse : FeedHouse
{
    protected override void Configure(Dictionary<string, string> environment)
    {
        base.Configure(environment);
        environment["SESSION_QUEUE_MAX"] = "1";
    }
}
