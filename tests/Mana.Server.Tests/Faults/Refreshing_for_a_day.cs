using System.Globalization;
using System.Net.Http.Json;
using Mana.Specs.World;

namespace Mana.Specs.Faults;

/// <summary>
/// REF-02, REF-03, ruling 4: clients that lose answers, send twice and share one stored token between four tabs, against two instances, for
/// a day of the house's clock. Nobody is signed out who did nothing wrong, and nobody stays signed in whose old token turns up again.
/// </summary>
[Trait("Category", "Faults")]
public sealed class Refreshing_for_a_day(Refreshing_for_a_day.QuickHouse house) : IClassFixture<Refreshing_for_a_day.QuickHouse>
{
    private const int RefreshesEach = 100;

    private const int ClientsPerPerson = 50;

    private const int AtOnceMax = 16;

    /// <summary>Of a request that a crowded machine answers with 503; what came of it nobody knows, so it is sent again.</summary>
    private const int TriesMax = 10;

    private const int TroubleWithinSeconds = 10;

    /// <summary>Each of these names its device when it signs in, every other of them whenever it refreshes as well.</summary>
    private const int DeviceEvery = 3;

    private static readonly int Clients = Measure.IsFull ? 2_000 : 100;

    private static readonly TimeSpan BetweenRefreshes = TimeSpan.FromMinutes(14);

    private static readonly TimeSpan PastTheWindow = TimeSpan.FromSeconds(31);

    private static readonly ParallelOptions Bounded = new() { MaxDegreeOfParallelism = AtOnceMax };

    private readonly Tally _tally = new();

    [Fact]
    public async Task Nobody_is_signed_out_by_accident_and_every_late_replay_ends_the_session()
    {
        await using var neighbour = await house.OpenNeighbour();
        HttpClient[] instances = [house.Http, neighbour.Http];
        var clients = await SignIn();

        for (var refresh = 1; refresh <= RefreshesEach; refresh++)
        {
            house.Clock.Move(BetweenRefreshes);
            await Refresh(clients, refresh, instances);
        }

        Assert.Equal(Clients, await Count("revoked_at is null and refresh_count = $1", RefreshesEach));

        house.Clock.Move(PastTheWindow);
        await Parallel.ForEachAsync(clients, Bounded, async (client, _) => await ReplayLate(client, instances));
        var dead = await Count("revoked_reason = $1", "refresh_reuse");
        Measure.Tell(
            $"{Clients} clients refreshed {RefreshesEach} times, seed {Measure.Seed}: {_tally.Sent} requests, {_tally.Lost} answers lost, {_tally.Doubled} sent twice, {_tally.FromTabs} from other tabs, {_tally.Unavailable} sent again after 503; 0 signed out, 0 second successors; {Clients} late replays refused, {dead} sessions dead"
        );
        Assert.Equal(Clients, dead);
    }

    private Task<long> Count(string which, object value) =>
        house.Database.Read<long>($"select count(*) from auth.sessions where {which}", value);

    private async Task<List<Client>> SignIn()
    {
        var clients = new List<Client>();
        while (clients.Count < Clients)
        {
            var person = house.Stranger("day");
            await person.Register("Day");
            for (var app = 0; app < ClientsPerPerson; app++)
            {
                var number = clients.Count;
                var login = new
                {
                    email = person.Email,
                    password = person.Password,
                    deviceId = number % DeviceEvery == 0 ? $"device {number}" : null,
                };
                clients.Add(new Client(number, (await person.Post("/api/v1/auth/login", login)).Expect(200).Text("refreshToken")));
            }
        }

        return clients;
    }

    // Second by second: whatever falls on one second is sent at once, and the clock moves when all of it is answered.
    private async Task Refresh(List<Client> clients, int refresh, HttpClient[] instances)
    {
        foreach (var client in clients)
        {
            client.Plan(_tally);
        }

        for (var second = 0; second <= TroubleWithinSeconds; second++)
        {
            var due = clients.SelectMany(client => client.Due(second).Select(send => (client, send))).ToArray();
            await Parallel.ForEachAsync(
                due,
                Bounded,
                async (pair, _) =>
                {
                    var (client, send) = pair;
                    var (status, token) = await Send(client, client.Before, instances[send.Instance]);
                    Assert.True(status == 200, Why(client, refresh, $"was answered {status}"));
                    client.Answered(token!, send.IsLost);
                }
            );
            _tally.Sent += due.Length;
            house.Clock.Move(TimeSpan.FromSeconds(1));
        }

        Assert.All(clients, client => Assert.True(client.Successors.Count == 1, Why(client, refresh, "has two live successors")));
        Assert.All(clients, client => Assert.True(client.Stored != client.Before, Why(client, refresh, "got nothing in the end")));
    }

    private async Task ReplayLate(Client client, HttpClient[] instances)
    {
        var old = client.Used[client.Chance.Next(client.Used.Count)];
        var (replayed, _) = await Send(client, old, instances[client.Chance.Next(instances.Length)]);
        Assert.True(replayed == 401, Why(client, RefreshesEach, $"replayed and was answered {replayed}"));
        var (current, _) = await Send(client, client.Stored, instances[client.Chance.Next(instances.Length)]);
        Assert.True(current == 401, Why(client, RefreshesEach, $"replayed, lives on and was answered {current}"));
    }

    private async Task<(int Status, string? Token)> Send(Client client, string token, HttpClient instance)
    {
        for (var tries = 1; ; tries++)
        {
            var sent = await SendOnce(client, token, instance);
            if (sent.Status != 503 || tries == TriesMax)
            {
                return sent;
            }

            _tally.Repeated();
        }
    }

    private static async Task<(int Status, string? Token)> SendOnce(Client client, string token, HttpClient instance)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/auth/refresh")
        {
            Content =
                client.Number % (2 * DeviceEvery) == 0
                    ? JsonContent.Create(new { refreshToken = token, deviceId = $"device {client.Number}" })
                    : JsonContent.Create(new { refreshToken = token }),
        };
        request.Headers.TryAddWithoutValidation("User-Agent", $"client/{client.Number}");
        using var response = await instance.SendAsync(request);
        var reply = await Reply.Of(response);

        return (reply.Status, reply.Status == 200 ? reply.Text("refreshToken") : null);
    }

    private static string Why(Client client, int refresh, string what) =>
        string.Create(CultureInfo.InvariantCulture, $"MANA_FAULT_SEED={Measure.Seed}: client {client.Number} {what} at refresh {refresh}");

    private sealed class Tally
    {
        private int _unavailable;

        public long Sent { get; set; }

        public long Lost { get; set; }

        public long Doubled { get; set; }

        public long FromTabs { get; set; }

        public int Unavailable => _unavailable;

        public void Repeated() => Interlocked.Increment(ref _unavailable);
    }

    /// <param name="IsLost">The answer never reaches the client, which asks again.</param>
    private sealed record Planned(int Second, int Instance, bool IsLost);

    /// <summary>An app with one stored token; every fourth is a browser with four tabs.</summary>
    private sealed class Client(int number, string token)
    {
        /// <summary>Of a hundred: lost answers, and as many requests sent twice.</summary>
        private const int TroublePercent = 5;

        private const int Tabs = 4;

        private const int TabsWithinSeconds = 5;

        private readonly Lock _lock = new();

        private readonly List<Planned> _sends = [];

        public int Number { get; } = number;

        public Random Chance { get; } = new(unchecked(Measure.Seed * 31 + number));

        /// <summary>What every tab and every repeat of this refresh sends.</summary>
        public string Before { get; private set; } = token;

        public string Stored { get; private set; } = token;

        public List<string> Used { get; } = [];

        public HashSet<string> Successors { get; } = new(StringComparer.Ordinal);

        public void Plan(Tally tally)
        {
            Before = Stored;
            Used.Add(Before);
            Successors.Clear();
            _sends.Clear();
            var isLost = Chance.Next(100) < TroublePercent;
            _sends.Add(Once(0, isLost));
            if (isLost)
            {
                tally.Lost++;
                _sends.Add(Once(Chance.Next(TroubleWithinSeconds + 1)));
            }

            if (Chance.Next(100) < TroublePercent)
            {
                tally.Doubled++;
                _sends.Add(Once(Chance.Next(TroubleWithinSeconds + 1)));
            }

            for (var tab = 1; Number % Tabs == 0 && tab < Tabs; tab++)
            {
                tally.FromTabs++;
                _sends.Add(Once(Chance.Next(TabsWithinSeconds + 1)));
            }
        }

        public IEnumerable<Planned> Due(int second) => _sends.Where(send => send.Second == second);

        public void Answered(string successor, bool isLost)
        {
            lock (_lock)
            {
                Successors.Add(successor);
                Stored = isLost ? Stored : successor;
            }
        }

        private Planned Once(int second, bool isLost = false) => new(second, Chance.Next(2), isLost);
    }

    /// <summary>The cost of a password is not what a day of refreshing is about.</summary>
    public sealed class QuickHouse : House
    {
        protected override void Configure(Dictionary<string, string> environment)
        {
            environment["ARGON2_MEMORY_KIB"] = "8192";
            environment["ARGON2_PASSES"] = "1";
        }
    }
}
