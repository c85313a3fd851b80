using System.Diagnostics;
using Mana.Specs.World;

namespace Mana.Specs.Faults;

/// <summary>
/// The shipped server is killed with SIGKILL at every message boundary of a sign-up. Whatever it was about to do, the next start finds a
/// whole person or nobody, and keeps every promise that was made.
/// </summary>
[Trait("Category", "Faults")]
public sealed class Signing_up_is_one_transaction : IAsyncLifetime
{
    /// <summary>Held at once per kill: fewer than the connections of the pool, the worker needs one too.</summary>
    private const int HeldMax = 16;

    private static readonly int Rounds = Measure.Rounds(3);

    private readonly SmtpSink _mail = new();

    private Database _database = null!;

    private ChaosProxy _proxy = null!;

    [Fact]
    public async Task Killed_at_any_message_boundary_it_leaves_a_whole_person_or_nobody()
    {
        var boundaries = await Boundaries();
        Assert.InRange(boundaries.Count, 8, 1000);
        var committed = boundaries.IndexOf("< CommandComplete COMMIT #1");
        Assert.InRange(committed, 1, boundaries.Count - 2);
        Assert.Contains("> Query COMMIT #1", boundaries);
        Assert.Contains("> Execute insert into auth.users #1", boundaries);
        var everybody = new List<(string Email, bool IsWhole)>();

        for (var round = 1; round <= Rounds; round++)
        {
            foreach (var held in boundaries.Chunk(HeldMax))
            {
                var signUps = held.Select(boundary => new WatchedSignUp(NewEmail(), boundary)).ToArray();
                await KillAt(signUps);
                foreach (var signUp in signUps)
                {
                    var isWhole = boundaries.IndexOf(signUp.Boundary!) >= committed;
                    Assert.Equal(
                        $"round {round}, {signUp.Boundary}: {(isWhole ? SignUpRemains.Whole : SignUpRemains.Nothing)}",
                        $"round {round}, {signUp.Boundary}: {await SignUpRemains.Of(_database, signUp.Email)}"
                    );
                    Assert.Equal(isWhole ? 1 : 0, await SignUpRemains.Jobs(_database, signUp.Email));
                    everybody.Add((signUp.Email, isWhole));
                }

                Assert.Equal(0, await SignUpRemains.Orphans(_database));
            }
        }

        await using var server = await Start();
        await Drained();
        foreach (var some in everybody.Chunk(HeldMax))
        {
            await Task.WhenAll(some.Select(person => IsAsPromised(server, person.Email, person.IsWhole)));
        }

        Measure.Tell($"{boundaries.Count} message boundaries, {Rounds} rounds, {everybody.Count} sign-ups killed");
    }

    [Theory]
    [InlineData(MailJobMoment.Answered_and_the_job_not_taken, 1)]
    [InlineData(MailJobMoment.Taken_and_the_lease_not_committed, 1)]
    [InlineData(MailJobMoment.Leased_and_nothing_sent, 1)]
    [InlineData(MailJobMoment.Accepted_by_the_mail_server_and_the_job_not_deleted, 2)]
    [InlineData(MailJobMoment.Deleted_and_not_committed, 2)]
    [InlineData(MailJobMoment.Deleted_and_committed, 1)]
    public async Task Killed_after_its_answer_the_person_stays_and_the_mail_goes_out(MailJobMoment moment, int mails)
    {
        var server = await Start();
        try
        {
            for (var round = 1; round <= Rounds; round++)
            {
                var email = NewEmail();
                var acknowledged = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                var watch = new MailJobWatch(email, moment, acknowledged.Task);
                _proxy.Watch = watch.Inspect;
                (await Register(server, email)).Expect(201);
                acknowledged.SetResult();
                await watch.Reached.WaitAsync(TimeSpan.FromSeconds(10));
                await Kill(server);
                await server.DisposeAsync();
                Assert.Equal(SignUpRemains.Whole, await SignUpRemains.Of(_database, email));

                await LetLeasesRunOut();
                server = await Start();
                await Drained();
                var ids = SignUpRemains.MessageIds(_mail, email);
                Assert.Equal(mails, ids.Length);
                Assert.Single(ids.Distinct());
                (await Register(server, email)).Expect(409, "EMAIL_ALREADY_REGISTERED");
                (await server.Post("/api/v1/auth/login", new { email, password = Phrases.Right })).Expect(200);
            }
        }
        finally
        {
            await server.DisposeAsync();
        }

        Assert.Equal(0, await SignUpRemains.Orphans(_database));
    }

    public async ValueTask InitializeAsync()
    {
        _database = await Databases.Create();
        _proxy = new ChaosProxy(_database.AppUrl);
    }

    public async ValueTask DisposeAsync()
    {
        await _proxy.DisposeAsync();
        await _mail.DisposeAsync();
        await Databases.Drop(_database.Name);
    }

    /// <summary>Every message of one sign-up, from BEGIN to the last answer to COMMIT.</summary>
    private async Task<List<string>> Boundaries()
    {
        await using var server = await Start();
        var signUp = new WatchedSignUp(NewEmail(), null);
        _proxy.Watch = new SignUpWatch([signUp]).Inspect;
        (await Register(server, signUp.Email)).Expect(201);
        await Kill(server);

        return [.. signUp.Passed];
    }

    private async Task KillAt(WatchedSignUp[] signUps)
    {
        await using var server = await Start();
        await Drained();
        _proxy.Watch = new SignUpWatch(signUps).Inspect;
        var replies = signUps.Select(signUp => Acknowledged(server, signUp.Email)).ToArray();
        await Task.WhenAll(signUps.Select(signUp => signUp.Reached)).WaitAsync(TimeSpan.FromSeconds(10));
        await Kill(server);

        Assert.All(await Task.WhenAll(replies), Assert.False);
    }

    /// <summary>One mail for a whole person and none for nobody; and the address is taken or free accordingly.</summary>
    private async Task IsAsPromised(ShippedServer server, string email, bool isWhole)
    {
        Assert.Equal(isWhole ? 1 : 0, SignUpRemains.MessageIds(_mail, email).Length);
        (await Register(server, email)).Expect(isWhole ? 409 : 201);
        Assert.Equal(SignUpRemains.Whole, await SignUpRemains.Of(_database, email));
    }

    private async Task<ShippedServer> Start()
    {
        var environment = ShippedServer.Development(_proxy.Route(_database.AppUrl), _mail);
        environment["DATABASE_POOLED"] = "true"; // nothing is prepared, so that every sign-up consists of the same messages
        environment["LISTEN_DATABASE_URL"] = environment["DATABASE_URL"];
        (environment["ARGON2_MEMORY_KIB"], environment["ARGON2_PASSES"]) = ("8192", "1"); // hashing is not what is looked at
        var server = ShippedServer.Start(environment);
        await server.Ready();

        return server;
    }

    /// <summary>Kills, lets the held messages vanish with their sender, and waits until PostgreSQL has noticed.</summary>
    private async Task Kill(ShippedServer server)
    {
        server.Kill();
        _proxy.CutAll();
        _proxy.Watch = null;
        await Until(
            "select not exists (select from pg_stat_activity where datname = current_database() and application_name = 'mana-core-auth')"
        );
    }

    private Task Drained() => Until("select not exists (select from jobs.jobs)");

    /// <summary>The worker that held the lease is dead; sixty seconds pass.</summary>
    private async Task LetLeasesRunOut()
    {
        Assert.False(
            await _database.Read<bool>("select exists (select from jobs.jobs where leased_until > now() + interval '60 seconds')")
        );
        await _database.Tamper("update jobs.jobs set leased_until = leased_until - interval '60 seconds' where leased_until is not null");
    }

    private async Task Until(string holds)
    {
        for (var started = Stopwatch.GetTimestamp(); !await _database.Read<bool>(holds); await Task.Delay(10))
        {
            Assert.True(Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(10), $"waited 10 s in vain: {holds}");
        }
    }

    private static Task<Reply> Register(ShippedServer server, string email) =>
        server.Post(
            "/api/v1/auth/register",
            new
            {
                email,
                password = Phrases.Right,
                name = "Nora",
            }
        );

    /// <returns>False when the server died without a yes; a busy one is asked again, as a client would.</returns>
    private static async Task<bool> Acknowledged(ShippedServer server, string email)
    {
        try
        {
            while (true)
            {
                var reply = await Register(server, email);
                if (reply.Status != 503)
                {
                    reply.Expect(201);
                    return true;
                }
            }
        }
        catch (HttpRequestException)
        {
            return false; // killed
        }
    }

    private static string NewEmail() => $"nora-{Guid.NewGuid():N}@example.com";
}
