using Mana.Specs.World;

namespace Mana.Specs.Faults;

/// <summary>Every way to end something, and every way to find out whether it has ended.</summary>
internal sealed class Probes(TwoInstances world)
{
    /// <summary>For each way to end something, and each time it is looked at.</summary>
    private static readonly int Many = Measure.IsFull ? 10_000 : 120;

    /// <summary>At each instance, for each way to end something.</summary>
    private const int AtOnce = 3;

    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    /// <summary>At the first instance, or in the database beside both.</summary>
    private static readonly Revocation[] Revocations =
    [
        new("logout", (world, who) => Post(world, "/api/v1/auth/logout", who.There.AccessToken)),
        new("sign-out on the wire", (world, who) => Post(world, "/api/auth/sign-out", who.There.SessionToken)),
        new("revoke one", (world, who) => Delete(world, $"/api/v1/auth/sessions/{who.There.SessionId}", who.Here.AccessToken)),
        new("revoke the others", (world, who) => Delete(world, "/api/v1/auth/sessions/others", who.Here.AccessToken)),
        new("revoke all", (world, who) => Delete(world, "/api/v1/auth/sessions", who.Here.AccessToken)),
        new(
            "revoke one on the wire",
            (world, who) => Post(world, "/api/auth/revoke-session", who.Here.SessionToken, new { token = who.There.SessionToken })
        ),
        new("revoke the others on the wire", (world, who) => Post(world, "/api/auth/revoke-other-sessions", who.Here.SessionToken)),
        new("revoke all on the wire", (world, who) => Post(world, "/api/auth/revoke-sessions", who.Here.SessionToken)),
        new("refresh reuse", Reuse),
        new(
            "change of password",
            (world, who) =>
                Post(
                    world,
                    "/api/v1/auth/change-password",
                    who.Here.AccessToken,
                    new { currentPassword = Phrases.Right, newPassword = "another good password" }
                )
        ),
        new("reset of password", Reset),
        new("ban", async (world, who) => Assert.Equal(0, (await new Operator(world.Database).Users("ban", who.Email)).ExitCode)),
        new("closing the account", Close),
        new(
            "erasure on the wire",
            (world, who) => Post(world, "/api/auth/delete-user", who.Here.SessionToken, new { password = Phrases.Right })
        ),
        new("erasure past the service", (world, who) => world.Database.Tamper("delete from auth.users where email = $1", who.Email)),
        new("another sign-in in the same browser", SignInAgain),
        new("role", async (world, who) => Assert.Equal(0, (await new Operator(world.Database).Users("role", who.Email, "admin")).ExitCode))
        {
            LeavesSessions = true,
        },
    ];

    /// <summary>Ways to use what a sign-in gave. The first two take the access token, the others the session; true is accepted.</summary>
    private static readonly Func<ShippedServer, SignIn, Task<bool?>>[] Kinds =
    [
        async (server, given) =>
        {
            var reply = await server.Post("/api/v1/auth/validate", new { token = given.AccessToken });
            return reply.Status == 200 ? reply.Json.GetProperty("valid").GetBoolean() : null;
        },
        async (server, given) => Accepted(await TwoInstances.Send(server, HttpMethod.Get, "/api/v1/auth/session", given.AccessToken)),
        async (server, given) =>
        {
            var reply = await TwoInstances.Send(server, HttpMethod.Get, "/api/auth/get-session", given.SessionToken);
            return reply.Status == 200 ? reply.Body != "null" : null;
        },
        async (server, given) => Accepted(await TwoInstances.Send(server, HttpMethod.Get, "/api/auth/token", given.SessionToken)),
    ];

    private int _sent;

    private int _unanswered;

    /// <summary>Probes that were neither accepted nor refused: nobody could look, or the connection broke.</summary>
    public int Unanswered => _unanswered;

    /// <summary>One person for every case, and one nobody does anything to; all of them are known to both instances.</summary>
    public async Task<Cast> Gather()
    {
        var people = await Task.WhenAll(Revocations.Select(async revocation => (Revocation: revocation, Who: await world.Somebody())));
        var bystander = await world.Somebody();
        await Task.Delay(Second); // the feeds are trusted, so that what follows is kept in memory
        foreach (var person in people.Select(one => one.Who).Append(bystander))
        {
            await AreAccepted(person);
        }

        return new Cast(people, bystander);
    }

    /// <summary>Ends everything, one after the other, and probes each from a second after its own acknowledgement.</summary>
    public async Task RevokeAndProbe(Cast cast)
    {
        var probing = new List<Task>();
        foreach (var (revocation, who) in cast.People)
        {
            await revocation.Act(world, who);
            probing.Add(ProbeLater(revocation, who));
        }

        await Task.WhenAll(probing);
        await AreAccepted(cast.Bystander); // or all of this would also hold for servers that refuse everybody

        async Task ProbeLater(Revocation revocation, TwiceSignedIn who)
        {
            await Task.Delay(Second);
            await Probe(revocation, who);
        }
    }

    public async Task Probe(Cast cast)
    {
        await Task.WhenAll(cast.People.Select(one => Probe(one.Revocation, one.Who)));
        await AreAccepted(cast.Bystander);
    }

    public void Tell(string situation) =>
        Measure.Tell($"{situation}: {Revocations.Length} ways to revoke, {_sent} probes, 0 accepted, {_unanswered} unanswered");

    private async Task Probe(Revocation revocation, TwiceSignedIn who)
    {
        var accepted = 0;
        var kinds = revocation.LeavesSessions ? 2 : Kinds.Length;
        await Task.WhenAll(world.Servers.Select(ProbeAt));
        Assert.True(accepted == 0, $"{revocation.Name}: {accepted} of {Many} probes were accepted");
        foreach (var server in revocation.LeavesSessions ? [] : world.Servers)
        {
            (await server.Post("/api/v1/auth/refresh", new { refreshToken = who.There.RefreshToken })).Expect(401);
        }

        Task ProbeAt(ShippedServer server) =>
            Parallel.ForAsync(
                0,
                Many / world.Servers.Count,
                new ParallelOptions { MaxDegreeOfParallelism = AtOnce },
                async (at, _) =>
                {
                    Interlocked.Increment(ref _sent);
                    switch (await Ask(server, Kinds[at % kinds], who.There))
                    {
                        case true:
                            Interlocked.Increment(ref accepted);
                            break;
                        case null:
                            Interlocked.Increment(ref _unanswered);
                            break;
                    }
                }
            );
    }

    private static async Task<bool?> Ask(ShippedServer server, Func<ShippedServer, SignIn, Task<bool?>> kind, SignIn given)
    {
        try
        {
            return await kind(server, given);
        }
        catch (HttpRequestException)
        {
            return null; // a server that was stopped for half a minute finds connections it has given up
        }
    }

    private async Task AreAccepted(TwiceSignedIn person)
    {
        foreach (var server in world.Servers)
        {
            for (var kind = 0; kind < Kinds.Length; kind++)
            {
                Assert.True(await Kinds[kind](server, person.There), $"probe {kind} of somebody signed in was refused");
            }
        }
    }

    private static bool? Accepted(Reply reply) =>
        reply.Status switch
        {
            200 => true,
            401 => false,
            _ => null,
        };

    /// <summary>The line of tokens goes on twice, then its first one comes back.</summary>
    private static async Task Reuse(TwoInstances world, TwiceSignedIn who)
    {
        var first = who.There.RefreshToken;
        var second = (await Refresh(first)).Expect(200).Text("refreshToken");
        (await Refresh(second)).Expect(200);
        (await Refresh(first)).Expect(401);

        Task<Reply> Refresh(string token) => world.Servers[0].Post("/api/v1/auth/refresh", new { refreshToken = token });
    }

    private static async Task Close(TwoInstances world, TwiceSignedIn who)
    {
        var body = new { password = Phrases.Right };
        var reply = await TwoInstances.Send(world.Servers[0], HttpMethod.Delete, "/api/v1/auth/account", who.Here.AccessToken, body);
        Assert.True(reply.Status is 200 or 204, $"closing answered {reply.Status}: {reply.Body}");
    }

    private static async Task SignInAgain(TwoInstances world, TwiceSignedIn who)
    {
        var cookie = who.There.Cookies.Single(cookie => cookie.Contains("_multi-", StringComparison.Ordinal)).Split(';')[0];
        var body = new { email = who.Email, password = Phrases.Right };
        (await TwoInstances.Send(world.Servers[0], HttpMethod.Post, "/api/v1/auth/login", bearer: null, body, cookie)).Expect(200);
    }

    private static async Task Reset(TwoInstances world, TwiceSignedIn who)
    {
        (await world.Servers[0].Post("/api/v1/auth/forgot-password", new { email = who.Email })).Expect(200);
        await TwoInstances.Until(() => Link() is not null);
        var token = Uri.UnescapeDataString(Link()!.Query["?token=".Length..]);
        (await world.Servers[0].Post("/api/v1/auth/reset-password", new { token, newPassword = "another good password" })).Expect(200);

        Uri? Link() =>
            world.Mail.LinksTo(who.Email).LastOrDefault(link => link.AbsolutePath.StartsWith("/reset-password", StringComparison.Ordinal));
    }

    private static async Task Post(TwoInstances world, string path, string bearer, object? body = null) =>
        (await TwoInstances.Send(world.Servers[0], HttpMethod.Post, path, bearer, body)).Expect(200);

    private static async Task Delete(TwoInstances world, string path, string bearer)
    {
        var reply = await TwoInstances.Send(world.Servers[0], HttpMethod.Delete, path, bearer);
        Assert.True(reply.Status is 200 or 204, $"{path} answered {reply.Status}: {reply.Body}");
    }

    /// <param name="Act">Comes back when it was acknowledged.</param>
    internal sealed record Revocation(string Name, Func<TwoInstances, TwiceSignedIn, Task> Act)
    {
        public bool LeavesSessions { get; init; }
    }

    internal sealed record Cast(IReadOnlyList<(Revocation Revocation, TwiceSignedIn Who)> People, TwiceSignedIn Bystander);
}
