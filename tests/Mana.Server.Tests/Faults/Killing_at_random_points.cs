using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Http.Json;
using Mana.Operations;
using Mana.Specs.World;

namespace Mana.Specs.Faults;

/// <summary>
/// The service is ended with SIGKILL and PostgreSQL is stopped at once, at random points of a load of all the ways to move credits. Whoever
/// got no answer asks again with the same key. What was acknowledged is in the books exactly once, and nothing else is (D9, I1 to I7).
/// </summary>
[Trait("Category", "Faults")]
public sealed class Killing_at_random_points : IAsyncLifetime
{
    private const int People = 6;

    private const int Workers = 12;

    private const long Opening = 1_000_000_000;

    /// <summary>Reservations nobody ends; with those whose end was killed, few enough for what one person may have open at once.</summary>
    private const int LeftOpenMax = 8 * People;

    private static readonly int Rounds = Measure.IsFull ? 100 : 5;

    private readonly ConcurrentBag<KilledMovement> _movements = [];

    private readonly SmtpSink _mail = new();

    private Database _beside = null!;

    private OwnPostgres _postgres = null!;

    private ShippedServer _server = null!;

    private string[] _people = [];

    private int _number;

    private int _leftOpen;

    public async ValueTask InitializeAsync()
    {
        _beside = await Databases.Create();
        _postgres = await OwnPostgres.Create(_beside);
        _server = await StartServer();
        _people = await Task.WhenAll(Enumerable.Range(0, People).Select(SignUp));
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        await _postgres.DisposeAsync();
        await _mail.DisposeAsync();
        await Databases.Drop(_beside.Name);
    }

    [Fact]
    public async Task Every_acknowledged_movement_is_in_the_books_once_and_nothing_else_is()
    {
        var random = new Random(Measure.Seed);
        var unanswered = 0;
        for (var round = 0; round < Rounds; round++)
        {
            using var end = new CancellationTokenSource();
            var load = Enumerable.Range(0, Workers).Select(worker => Work(random.Next() + worker, end.Token)).ToArray();
            await Task.Delay(random.Next(20, 400));
            await Kill(random.Next(3));
            await end.CancelAsync();
            await Task.WhenAll(load);

            var unknown = _movements.Where(movement => movement.Answer is null).ToArray();
            unanswered += unknown.Length;
            await Parallel.ForEachAsync(unknown, async (movement, _) => await Again(movement));
            await CheckTheBooks();
        }

        Assert.All(_movements.Where(movement => movement.Kind == "reserve"), movement => Assert.NotNull(movement.Answer));
        Measure.Tell(
            $"{Rounds} kills, seed {Measure.Seed}: {_movements.Count} movements, {unanswered} asked for again; each is in the books once"
        );
    }

    private async Task Work(int seed, CancellationToken end)
    {
        var random = new Random(seed);
        while (!end.IsCancellationRequested)
        {
            for (var movement = Next(random); movement is not null; movement = After(movement, random))
            {
                _movements.Add(movement);
                if (!await Send(movement))
                {
                    return; // unanswered; asked for again when the server is back
                }
            }
        }
    }

    /// <summary>Most reservations end, one way or the other, and some spendings are given back in part.</summary>
    private KilledMovement? After(KilledMovement answered, Random random) =>
        answered.Kind switch
        {
            "reserve" when random.Next(2) == 0 || Interlocked.Increment(ref _leftOpen) > LeftOpenMax => new KilledMovement(
                random.Next(2) == 0 ? "commit" : "refund-reservation",
                answered.UserId,
                answered.Amount,
                answered.Key
            )
            {
                Of = answered.Answer,
            },
            "use" when random.Next(3) == 0 => new KilledMovement(
                "refund",
                answered.UserId,
                random.NextInt64(1, answered.Amount + 1),
                "back-" + answered.Key
            )
            {
                Of = answered.Answer,
            },
            _ => null,
        };

    private KilledMovement Next(Random random) =>
        new(
            random.Next(5) switch
            {
                0 => "grant",
                1 => "reserve",
                _ => "use",
            },
            _people[random.Next(People)],
            random.Next(1, 100),
            string.Create(CultureInfo.InvariantCulture, $"killed-{Interlocked.Increment(ref _number)}")
        );

    /// <returns>False when there was no answer, or one that says it is not known what happened.</returns>
    private async Task<bool> Send(KilledMovement movement)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/internal/credits/" + movement.Kind)
            {
                Content = JsonContent.Create(movement.Body),
            };
            request.Headers.Add("X-Service-Key", "dev-service-key");
            request.Headers.Add("X-App-Id", "chat");
            using var response = await _server.Http.SendAsync(request);
            var reply = await Reply.Of(response);
            if (movement.WasReleasedBefore(reply))
            {
                movement.Acknowledge(movement.Key);
                return true;
            }

            Assert.True(reply.Status is 200 or 201 or 503, $"{movement.Kind} answered {reply.Status}: {reply.Body}");
            if (reply.Status == 503)
            {
                return false;
            }

            movement.Acknowledge(movement.IdIn(reply));
            return true;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private async Task Again(KilledMovement movement)
    {
        for (var attempt = 0; !await Send(movement); attempt++)
        {
            Assert.True(attempt < 200, $"{movement.Kind} is not answered any more");
            await Task.Delay(50);
        }
    }

    private async Task Kill(int what)
    {
        if (what != 1)
        {
            _server.Kill();
        }

        if (what != 0)
        {
            await _postgres.StopImmediately();
            await _postgres.Start();
        }

        if (what != 1)
        {
            await _server.DisposeAsync();
            _server = await StartServer();
        }
        else
        {
            await _server.Ready();
        }
    }

    private async Task CheckTheBooks()
    {
        foreach (var person in _people)
        {
            var own = _movements.Where(movement => movement.UserId == person).ToArray();
            var available = Opening + own.Sum(movement => movement.Change);
            Assert.Equal(available, await Read<long>("select free + paid from credits.accounts where owner_id = $1", person));
            Assert.Equal(own.Length + 1, await Read<long>("select count(*) from credits.transactions where owner_id = $1", person));
            Assert.Equal(
                own.Count(movement => movement.Kind == "reserve"),
                await Read<long>("select count(*) from credits.holds where owner_id = $1", person)
            );
        }

        var named = _movements.Where(movement => movement.Kind is "use" or "refund").ToArray();
        Assert.Equal(
            named.Length,
            await Read<long>(
                "select count(*) from credits.transactions t join unnest($1::uuid[], $2::bigint[]) as said (id, amount) "
                    + "on t.id = said.id and t.amount = said.amount",
                Array.ConvertAll(named, movement => Guid.Parse(movement.Answer!)),
                Array.ConvertAll(named, movement => movement.Change)
            )
        );
        var output = new StringWriter();
        var exit = await CheckBooksCommand.Run(
            [],
            new Dictionary<string, string> { ["DATABASE_URL"] = _postgres.Database.AppUrl },
            output,
            CancellationToken.None
        );
        Assert.True(exit == 0, output.ToString());
    }

    private Task<T> Read<T>(string sql, params object[] values) => _postgres.Database.Read<T>(sql, values);

    private async Task<string> SignUp(int index)
    {
        var reply = await _server.Post(
            "/api/v1/auth/register",
            new { email = string.Create(CultureInfo.InvariantCulture, $"killed-{index}@example.com"), password = Phrases.Right }
        );

        return reply.Expect(201).Text("id");
    }

    private async Task<ShippedServer> StartServer()
    {
        var settings = ShippedServer.Development(_postgres.Database.AppUrl, _mail);
        settings["CREDITS_SIGNUP_BONUS"] = Opening.ToString(CultureInfo.InvariantCulture);
        settings["ARGON2_MEMORY_KIB"] = "8192"; // the cost of a password is not what this is about
        var server = ShippedServer.Start(settings);
        await server.Ready();

        return server;
    }
}
