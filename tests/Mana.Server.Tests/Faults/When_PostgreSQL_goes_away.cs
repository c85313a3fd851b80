using System.Diagnostics;
using System.Net.Http.Json;
using Mana.Platform.Http;
using Mana.Specs.World;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Mana.Specs.Faults;

/// <summary>A database that is gone is a 503, soon and everywhere, and forgotten as soon as it is back.</summary>
[Trait("Category", "Faults")]
public sealed class When_PostgreSQL_goes_away(ProxiedHouse house) : IClassFixture<ProxiedHouse>
{
    private const string Writing = "insert into credits.transactions";

    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(6);

    private static readonly TimeSpan RecoveryLimit = TimeSpan.FromSeconds(3);

    /// <summary>So long the revocation feed is believed after its last beat, and with it what is in memory (rulings, section 5).</summary>
    private static readonly TimeSpan FeedPatience = TimeSpan.FromMilliseconds(750);

    /// <summary>What answers without asking the database.</summary>
    private static readonly string[] FromMemory =
    [
        "/api/v1/health",
        "/api/v1/auth/jwks",
        "/api/v1/auth/signup-status",
        "/api/auth/jwks",
        "/api/auth/ok",
        "/api/auth/error",
        "/health",
        "/health/live",
        "/metrics",
        "/.well-known/jwks.json",
    ];

    [Theory]
    [InlineData(Line.Refuse)]
    [InlineData(Line.Reset)]
    [InlineData(Line.Blackhole)]
    public async Task Every_route_that_needs_it_answers_503_in_its_dialect_and_works_again_when_it_is_back(Line line)
    {
        var (alice, browser) = await TwoWaysIn();
        var requests = Requests(alice, browser);
        var known = requests.Select(request => request.Path.Split('?')[0]).Concat(FromMemory).ToHashSet();
        Assert.All(ApiPaths(), path => Assert.True(known.Contains(path), $"{path} is not asked here: add it to Requests or FromMemory."));

        await FillPool(alice);
        house.Proxy.Set(line);
        try
        {
            await Task.Delay(FeedPatience * 1.2);
            var answers = await Task.WhenAll(requests.Select(request => Timed(request.Path, request.Send)));

            Assert.All(answers, answer => Assert.True(answer.Took < AnswerLimit, $"{answer.Path} took {answer.Took}"));
            Assert.All(answers, answer => IsUnavailable(answer.Path, answer.Reply));
            foreach (var path in FromMemory)
            {
                (await house.Nobody().Get(path)).Expect(200);
            }

            var ready = await Timed("/health/ready", () => house.Nobody().Get("/health/ready"));
            ready.Reply.Expect(503);
            Assert.InRange(ready.Took, TimeSpan.Zero, TimeSpan.FromSeconds(5));
        }
        finally
        {
            house.Proxy.Set(Line.Pass);
        }

        await Recovered(alice);
        (await browser.Get("/api/auth/get-session")).Expect(200);
        (await house.Nobody().Get("/health/ready")).Expect(200);
    }

    [Fact]
    public async Task A_restart_of_the_database_costs_nobody_a_request()
    {
        var alice = await house.Person("alice");
        for (var round = 1; round <= 5; round++)
        {
            await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => alice.Get("/api/v1/credits/balance"))); // fills the pool
            await house.Database.Read<long>(
                "select count(pg_terminate_backend(pid, 5000)) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()"
            );

            (round % 2 == 0 ? await alice.Get("/api/v1/credits/balance") : await alice.Use(1)).Expect(200);
            (await alice.Get("/api/v1/credits/balance")).Expect(200);
        }

        Assert.Equal(147, await alice.Balance());
    }

    [Fact]
    public async Task A_connection_lost_before_COMMIT_is_repeated_once_and_charges_once()
    {
        var alice = await house.Person("alice");
        var cut = new OneCut(Writing, message => !message.IsRequest, Fate.CutBefore) { About = "cut-once" };
        house.Proxy.Watch = cut.Inspect;

        (await alice.Use(10, key: "cut-once")).Expect(200);

        house.Proxy.Watch = null;
        Assert.Equal(1, cut.Done);
        Assert.Equal(140, await alice.Balance());
    }

    [Fact]
    public async Task A_connection_lost_twice_before_COMMIT_is_a_503_and_charges_nothing()
    {
        var alice = await house.Person("alice");
        var cut = new OneCut(Writing, message => !message.IsRequest, Fate.CutBefore, times: 2) { About = "cut-twice" };
        house.Proxy.Watch = cut.Inspect;

        IsUnavailable("/api/v1/credits/use", await alice.Use(10, key: "cut-twice"));

        house.Proxy.Watch = null;
        Assert.Equal(150, await alice.Balance());
    }

    [Fact]
    public async Task A_read_that_loses_its_connection_is_repeated_once()
    {
        var alice = await house.Person("alice");
        var cut = new OneCut("from credits.accounts", message => message is { IsRequest: false, Type: 'D' }, Fate.CutBefore);
        house.Proxy.Watch = cut.Inspect;

        Assert.Equal(150, await alice.Balance());

        house.Proxy.Watch = null;
        Assert.Equal(1, cut.Done);
    }

    [Fact]
    public async Task A_slow_line_is_slow_and_nothing_else()
    {
        var alice = await house.Person("alice");
        house.Proxy.Delay = TimeSpan.FromMilliseconds(200);
        try
        {
            var spent = await Timed("/api/v1/credits/use", () => alice.Use(10));
            spent.Reply.Expect(200);
            Assert.InRange(spent.Took, house.Proxy.Delay, AnswerLimit);
        }
        finally
        {
            house.Proxy.Delay = TimeSpan.Zero;
        }
    }

    // Every connection of it can fall silent then, and each of them costs the driver a thread.
    private async Task FillPool(Person alice)
    {
        house.Proxy.Delay = TimeSpan.FromMilliseconds(50);
        await Task.WhenAll(Enumerable.Range(0, 60).Select(_ => alice.Get("/api/v1/credits/transactions")));
        house.Proxy.Delay = TimeSpan.Zero;
    }

    private async Task<(Person Alice, Person Browser)> TwoWaysIn()
    {
        var alice = await house.Person("alice");

        return (alice, await alice.InABrowser());
    }

    private (string Path, Func<Task<Reply>> Send)[] Requests(Person alice, Person browser)
    {
        var (nobody, newcomer) = (house.Nobody(), house.Stranger());
        var credentials = new { email = alice.Email, password = alice.Password };
        var password = new { password = alice.Password };
        var signUp = new
        {
            email = newcomer.Email,
            password = newcomer.Password,
            name = "New",
        };
        var held = new { sessionToken = browser.Cookies!.Split("_multi-")[1].Split('=')[0] };
        var use = new
        {
            amount = 1,
            appId = "chat",
            description = "a spec",
        };

        return
        [
            Post(nobody, "/api/v1/auth/register", signUp),
            Post(nobody, "/api/v1/auth/login", credentials),
            Post(nobody, "/api/v1/auth/refresh", new { refreshToken = alice.RefreshToken }),
            Post(alice, "/api/v1/auth/logout", null),
            Post(nobody, "/api/v1/auth/validate", new { token = alice.AccessToken }),
            Get(alice, "/api/v1/auth/session"),
            Post(browser, "/api/v1/auth/session-to-token", null),
            Get(alice, "/api/v1/auth/sessions"),
            Delete(alice, "/api/v1/auth/sessions"),
            Delete(alice, "/api/v1/auth/sessions/others"),
            Delete(alice, "/api/v1/auth/sessions/{id}"),
            Get(alice, "/api/v1/auth/security-events"),
            Get(alice, "/api/v1/auth/profile"),
            Post(alice, "/api/v1/auth/profile", new { name = "Alice B" }),
            Patch(alice, "/api/v1/me/profile", new { name = "Alice B" }),
            Get(nobody, "/api/v1/auth/verify-email?token=unknown"),
            Post(nobody, "/api/v1/auth/resend-verification", new { email = alice.Email }),
            Post(alice, "/api/v1/auth/change-email", new { newEmail = newcomer.Email }),
            ("/api/v1/auth/account", () => alice.Send(HttpMethod.Delete, "/api/v1/auth/account", JsonContent.Create(password))),
            Get(alice, "/api/v1/credits/balance"),
            Post(alice, "/api/v1/credits/use", use),
            Get(alice, "/api/v1/credits/transactions"),
            Get(alice, "/api/v1/credits/packages"),
            Get(alice, "/api/v1/credits/purchases"),
            .. AboutGifts(alice),
            ("/api/v1/credits/purchase/{id}", () => alice.Get($"/api/v1/credits/purchase/{Guid.Empty}")),
            ("/api/v1/credits/transactions/{id}/receipt", () => alice.Get($"/api/v1/credits/transactions/{Guid.NewGuid()}/receipt")),
            Get(alice, "/api/v1/credits/usage"),
            Get(nobody, "/api/v1/credits/seal-keys"),
            Post(nobody, "/api/auth/sign-up/email", signUp),
            Post(nobody, "/api/auth/sign-in/email", credentials),
            Post(browser, "/api/auth/sign-out", null),
            Get(browser, "/api/auth/get-session"),
            Get(nobody, "/api/auth/verify-email?token=unknown"),
            Post(browser, "/api/auth/send-verification-email", new { email = alice.Email }),
            Post(browser, "/api/auth/change-email", new { newEmail = newcomer.Email }),
            Post(browser, "/api/auth/delete-user", password),
            Get(browser, "/api/auth/delete-user/callback?token=unknown"),
            Post(browser, "/api/auth/update-user", new { name = "Alice B" }),
            .. AboutPasswords(alice, browser),
            Get(browser, "/api/auth/list-accounts"),
            Get(browser, "/api/auth/list-sessions"),
            Post(browser, "/api/auth/revoke-session", new { token = "any" }),
            Post(browser, "/api/auth/revoke-sessions", null),
            Post(browser, "/api/auth/revoke-other-sessions", null),
            Post(browser, "/api/auth/update-session", new { }),
            Get(browser, "/api/auth/multi-session/list-device-sessions"),
            Post(browser, "/api/auth/multi-session/set-active", held),
            Post(browser, "/api/auth/multi-session/revoke", held),
            Get(browser, "/api/auth/token"),
            .. ForServices(alice),
        ];

        static (string, Func<Task<Reply>>) Get(Person person, string path) => (path, () => person.Get(path));

        static (string, Func<Task<Reply>>) Delete(Person person, string path) => (path, () => person.Delete(path));

        static (string, Func<Task<Reply>>) Patch(Person person, string path, object body) =>
            (path, () => person.Send(HttpMethod.Patch, path, JsonContent.Create(body)));

        static (string, Func<Task<Reply>>) Post(Person person, string path, object? body) => (path, () => person.Post(path, body));
    }

    private (string Path, Func<Task<Reply>> Send)[] AboutPasswords(Person alice, Person browser)
    {
        var nobody = house.Nobody();
        var reset = new { token = "unknown", newPassword = Phrases.Right };
        var change = new { currentPassword = alice.Password, newPassword = Phrases.Right };
        (Person Who, string Path, object Body)[] posts =
        [
            (nobody, "/api/v1/auth/forgot-password", new { email = alice.Email }),
            (nobody, "/api/v1/auth/reset-password", reset),
            (alice, "/api/v1/auth/change-password", change),
            (nobody, "/api/auth/request-password-reset", new { email = alice.Email }),
            (nobody, "/api/auth/reset-password", reset),
            (browser, "/api/auth/change-password", change),
            (browser, "/api/auth/verify-password", new { password = alice.Password }),
        ];
        string[] links = ["/api/v1/auth/reset-password/{token}", "/api/auth/reset-password/{token}"];

        return
        [
            .. posts.Select(post => (post.Path, (Func<Task<Reply>>)(() => post.Who.Post(post.Path, post.Body)))),
            .. links.Select(link =>
                (link, (Func<Task<Reply>>)(() => nobody.Get(link.Replace("{token}", "unknown?callbackURL=%2F", StringComparison.Ordinal))))
            ),
        ];
    }

    private (string Path, Func<Task<Reply>> Send)[] AboutGifts(Person alice)
    {
        const string gifts = "/api/v1/gifts";
        const string code = "AAAA-AAAA-AAAA-AAAA-AAAA";

        return
        [
            (gifts, () => alice.Post(gifts, new { credits = 1 })),
            (gifts + "/me/created", () => alice.Get(gifts + "/me/created")),
            (gifts + "/me/received", () => alice.Get(gifts + "/me/received")),
            (gifts + "/{code}", () => house.Nobody().Get($"{gifts}/{code}")),
            (gifts + "/{code}/redeem", () => alice.Post($"{gifts}/{code}/redeem")),
            (gifts + "/{id}", () => alice.Delete($"{gifts}/{Guid.Empty}")),
        ];
    }

    private (string Path, Func<Task<Reply>> Send)[] ForServices(Person alice)
    {
        const string credits = "/api/v1/internal/credits/";
        var (service, userId) = (house.Service(), alice.Id);
        var reservation = new { reservationId = Guid.Empty };
        (string Verb, object Body)[] posts =
        [
            ("init", new { userId }),
            (
                "use",
                new
                {
                    userId,
                    amount = 1,
                    description = "a spec",
                }
            ),
            (
                "refund",
                new
                {
                    userId,
                    amount = 1,
                    transactionId = Guid.Empty,
                    description = "a spec",
                }
            ),
            (
                "grant",
                new
                {
                    userId,
                    amount = 1,
                    reason = "a spec",
                    referenceId = "away",
                }
            ),
            (
                "reserve",
                new
                {
                    userId,
                    amount = 1,
                    reason = "a spec",
                }
            ),
            ("commit", reservation),
            ("refund-reservation", reservation),
        ];

        return
        [
            (credits + "balance/{userId}", () => service.Get($"{credits}balance/{userId}")),
            .. posts.Select(post => (credits + post.Verb, (Func<Task<Reply>>)(() => service.Post(post.Verb, post.Body)))),
        ];
    }

    private IEnumerable<string> ApiPaths() =>
        house
            .Services.GetRequiredService<EndpointDataSource>()
            .Endpoints.Select(endpoint => endpoint.Metadata.GetMetadata<RoutePolicy>()?.Path)
            .OfType<string>()
            .Where(path => path.StartsWith("/api/", StringComparison.Ordinal));

    private static void IsUnavailable(string path, Reply reply)
    {
        Assert.True(reply.Status == 503, $"{path} answered {reply.Status}: {reply.Body}");
        Assert.Equal("2", reply.Header("Retry-After"));
        Assert.Equal("SERVICE_UNAVAILABLE", reply.Code);
        var members = reply.Json.EnumerateObject().Select(member => member.Name).Order(StringComparer.Ordinal);
        if (Surfaces.Of(new PathString(path.Split('?')[0])) == Surface.BetterAuth)
        {
            Assert.Equal("application/json", reply.Header("Content-Type"));
            Assert.Equal(["code", "message"], members);
        }
        else
        {
            Assert.Equal("application/problem+json; charset=utf-8", reply.Header("Content-Type"));
            Assert.Equal(503, reply.Json.GetProperty("statusCode").GetInt32());
            Assert.DoesNotContain("valid", members);
        }
    }

    private static async Task Recovered(Person person)
    {
        var since = Stopwatch.GetTimestamp();
        while ((await person.Get("/api/v1/credits/balance")).Status != 200)
        {
            Assert.True(Stopwatch.GetElapsedTime(since) < RecoveryLimit, "The service did not recover.");
            await Task.Delay(20);
        }
    }

    private static async Task<(string Path, Reply Reply, TimeSpan Took)> Timed(string path, Func<Task<Reply>> send)
    {
        var started = Stopwatch.GetTimestamp();
        var reply = await send();

        return (path, reply, Stopwatch.GetElapsedTime(started));
    }
}
