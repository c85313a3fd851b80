using System.Globalization;
using Mana.Build.Machine;

namespace Mana.Build.Benchmarks;

/// <summary>Everybody who is measured in one run, started and with people of their own.</summary>
internal sealed class Field : IAsyncDisposable
{
    // Enough to spend comes through the front door too; what is measured afterwards runs with the bonus as shipped.
    private static readonly IReadOnlyDictionary<string, string> Generous = new Dictionary<string, string>
    {
        ["CREDITS_SIGNUP_BONUS"] = "1000000000000",
    };

    private readonly Dictionary<Contender, MeasuredProgram> programs = [];
    private readonly People ours;
    private readonly People theirs;
    private readonly People theirsAtBest;
    private readonly People unproven;
    private readonly People grown;
    private readonly Crowd few;
    private readonly Crowd many;

    // The row in the middle of a long history.
    private string? readsFrom;
    private readonly List<(People People, Contender Contender)> crowds = [];

    private Field(Toolbox tools)
    {
        var folder = tools.Checkout.In("artifacts", "bench", "people");
        ours = new People(Path.Combine(folder, "ours"));
        theirs = new People(Path.Combine(folder, "theirs"));
        theirsAtBest = new People(Path.Combine(folder, "theirs-at-best"));
        unproven = new People(Path.Combine(folder, "unproven"));
        grown = new People(Path.Combine(folder, "grown"));
        (few, many) = (Crowd.Few(tools), Crowd.Many(tools));
    }

    /// <summary>Starts whom the scenarios ask and signs people up.</summary>
    public static async Task<Field> Start(BenchServers servers, Peers? peers, IReadOnlyList<Scenario> scenarios, Toolbox tools)
    {
        var field = new Field(tools);
        try
        {
            Say.Line("signing people up ...");
            await SignUp(field.ours, servers, Generous, tools);
            if (scenarios.Any(scenario => scenario.Contender == Contender.ManaUnproven))
            {
                await servers.Migrate(BenchServers.UnprovenDatabase);
                await SignUp(field.unproven, servers, servers.In(BenchServers.UnprovenDatabase, Generous), tools);
            }
            await field.PrepareCrowds(servers, scenarios);
            await field.PrepareGrowth(servers, scenarios, tools);
            foreach (var contender in scenarios.Select(scenario => scenario.Contender).Append(Contender.Mana).Distinct())
            {
                await field.Start(contender, servers, peers, tools);
            }
            foreach (var growth in Growth.All.Where(growth => field.programs.ContainsKey(growth.Contender)))
            {
                await servers.UntilSealed(growth);
            }
            await field.FindCrowds();
            if (peers is not null)
            {
                await field.SignUpWithPeers(servers, peers, tools);
            }
            return field;
        }
        catch
        {
            await field.DisposeAsync();
            throw;
        }
    }

    public MeasuredProgram Program(Contender contender) => programs[contender];

    public string PeopleOf(Contender contender) =>
        contender switch
        {
            Contender.Node or Contender.Bun => theirs.Folder,
            Contender.NodeAtBest or Contender.BunAtBest => theirsAtBest.Folder,
            Contender.ManaUnproven => unproven.Folder,
            Contender.ManaSmall or Contender.ManaLarge or Contender.ManaHuge => grown.Folder,
            Contender.ManaOfFew => few.Newest,
            Contender.ManaOfMany => many.Newest,
            Contender.ManaOfFewCold => few.Everywhere,
            Contender.ManaOfManyCold => many.Everywhere,
            _ => ours.Folder,
        };

    /// <summary>Access tokens live 15 minutes, a cached session of the peers five.</summary>
    public async Task Renew(CancellationToken stop)
    {
        await ours.RenewTokens(programs[Contender.Mana].Address, stop);
        if (programs.TryGetValue(Contender.Node, out var node) || programs.TryGetValue(Contender.Bun, out node))
        {
            await theirs.RenewTokens(node.Address, stop);
        }
        if (programs.TryGetValue(Contender.NodeAtBest, out var best) || programs.TryGetValue(Contender.BunAtBest, out best))
        {
            await theirsAtBest.CopyWithCachedSessions(theirs, best.Address, stop);
        }
        if (programs.TryGetValue(Contender.ManaUnproven, out var without))
        {
            await unproven.RenewTokens(without.Address, stop);
        }
        if (readsFrom is not null)
        {
            await grown.RenewTokens(programs[Contender.ManaLarge].Address, stop);
            var token = (await File.ReadAllLinesAsync(Path.Combine(grown.Folder, "tokens.txt"), stop))[0];
            await grown.Write("deep.txt", [$"{token} {readsFrom}"]);
        }
        foreach (var (people, contender) in crowds)
        {
            await people.RenewTokens(programs[contender].Address, stop);
        }
    }

    /// <summary>The one start of each server of a crowd, and what it occupies now.</summary>
    public IEnumerable<ColdStart> StartsOfCrowds =>
        from crowd in crowds
        let program = programs[crowd.Contender]
        select new ColdStart(crowd.Contender.ToString(), program.StartedWithin.TotalMilliseconds, program.Megabytes);

    /// <summary>What the programs as they come occupy now, by the names their starts are measured under.</summary>
    public IReadOnlyDictionary<string, double> Megabytes =>
        programs
            .Where(entry => entry.Key is Contender.Mana or Contender.Node or Contender.Bun)
            .ToDictionary(entry => entry.Key.ToString().ToLowerInvariant(), entry => entry.Value.Megabytes);

    public async ValueTask DisposeAsync()
    {
        foreach (var program in programs.Values)
        {
            await program.DisposeAsync();
        }
    }

    private async Task Start(Contender contender, BenchServers servers, Peers? peers, Toolbox tools)
    {
        tools.Stop.ThrowIfCancellationRequested();
        var starting = contender switch
        {
            Contender.Ceiling => servers.Ceiling(),
            Contender.Mana => servers.Server(BenchServers.AsShipped),
            Contender.ManaCold => servers.Server(BenchServers.Cold),
            Contender.ManaSmall or Contender.ManaLarge or Contender.ManaHuge => servers.Server(
                servers.In(Growth.All.Single(growth => growth.Contender == contender).Database, BenchServers.AsShipped)
            ),
            Contender.ManaUnproven => servers.UnprovenServer(),
            Contender.ManaOfFew => servers.Server(servers.In(few.Database, BenchServers.AsShipped)),
            Contender.ManaOfMany => servers.Server(servers.In(many.Database, BenchServers.AsShipped)),
            Contender.ManaOfFewCold => servers.Server(servers.In(few.Database, BenchServers.Cold)),
            Contender.ManaOfManyCold => servers.Server(servers.In(many.Database, BenchServers.Cold)),
            Contender.Node => servers.Peer(peers!, Peers.Node, isAtBest: false),
            Contender.Bun => servers.Peer(peers!, peers!.Bun, isAtBest: false),
            Contender.NodeAtBest => servers.Peer(peers!, Peers.Node, isAtBest: true),
            Contender.BunAtBest => servers.Peer(peers!, peers!.Bun, isAtBest: true),
            _ => null,
        };
        if (starting is not null)
        {
            programs[contender] = await starting;
        }
    }

    private static async Task SignUp(People people, BenchServers servers, IReadOnlyDictionary<string, string> settings, Toolbox tools)
    {
        await using var generous = await servers.Server(settings);
        await people.SignUp(generous.Address, tools.Stop);
    }

    private async Task PrepareCrowds(BenchServers servers, IReadOnlyList<Scenario> scenarios)
    {
        foreach (var (crowd, contender) in new[] { (few, Contender.ManaOfFew), (many, Contender.ManaOfMany) })
        {
            if (scenarios.Any(scenario => scenario.Contender == contender))
            {
                Say.Line($"writing {crowd.Sessions:N0} sessions ...");
                await servers.PrepareCrowd(crowd);
            }
        }
    }

    private async Task PrepareGrowth(BenchServers servers, IReadOnlyList<Scenario> scenarios, Toolbox tools)
    {
        foreach (var growth in Growth.All.Where(growth => scenarios.Any(scenario => scenario.Contender == growth.Contender)))
        {
            await servers.Migrate(growth.Database);
            if (scenarios.Any(scenario => scenario.Endpoint == "list" && scenario.Contender == growth.Contender))
            {
                await SignUpReaders(servers, growth, tools);
            }
            Say.Line($"writing {growth.Debits} debits ...");
            await servers.Grow(growth);
            await grown.Write("owners.txt", [Growth.Owners.ToString(CultureInfo.InvariantCulture)]);
        }
    }

    /// <summary>People whose histories are read, one of them a long one.</summary>
    private async Task SignUpReaders(BenchServers servers, Growth growth, Toolbox tools)
    {
        await SignUp(grown, servers, servers.In(growth.Database, Generous), tools);
        readsFrom = await servers.Deepen(growth, People.Email(0));
    }

    private async Task FindCrowds()
    {
        foreach (var (crowd, contender) in new[] { (few, Contender.ManaOfFew), (many, Contender.ManaOfMany) })
        {
            if (programs.ContainsKey(contender))
            {
                crowds.Add((await People.SignedIn(crowd.Newest), contender));
            }
        }
    }

    // They sign up with the faster of the two; the accounts are the same ones for both.
    private async Task SignUpWithPeers(BenchServers servers, Peers peers, Toolbox tools)
    {
        await using var bun = await servers.Peer(peers, peers.Bun, isAtBest: false);
        await theirs.SignUp(bun.Address, tools.Stop);
    }
}
