using Mana.Build.Machine;
using Mana.Build.Postgres;

namespace Mana.Build.Benchmarks;

/// <summary>Starts what is measured, on the cluster of the benchmarks.</summary>
internal sealed class BenchServers(Toolbox tools, Released released, Cluster cluster, string? libraries)
{
    private const string Database = "mana";
    private const string CeilingDatabase = "ceiling";

    public int Postmaster => cluster.Process;

    /// <summary>Both databases anew: a ledger that grows with every run would be measured a little slower every time.</summary>
    public async Task PrepareDatabases()
    {
        await Expect(released.CeilingDll, ["prepare", Database], ForCeiling());
        var owner = ForServer();
        owner["MIGRATION_DATABASE_URL"] = Login("mana_owner", cluster.Passwords.Owner);
        await Expect(released.ServerDll, ["migrate", "--roles"], new(owner) { ["ADMIN_DATABASE_URL"] = cluster.Superuser.ToString() });
        await Expect(released.ServerDll, ["migrate", "up"], owner);
    }

    /// <summary>The server as it ships. Limits are off, and Production refuses that, hence Development; nothing else differs.</summary>
    public Task<MeasuredProgram> Server(IReadOnlyDictionary<string, string> settings) =>
        MeasuredProgram.Start(
            tools,
            released.ServerDll,
            address =>
            {
                var environment = ForServer();
                environment["PORT"] = $"{address.Port}";
                environment["BASE_URL"] = address.GetLeftPart(UriPartial.Authority);
                foreach (var (name, value) in settings)
                {
                    environment[name] = value;
                }
                return environment;
            },
            "/health/ready"
        );

    public Task<MeasuredProgram> Ceiling() =>
        MeasuredProgram.Start(tools, released.CeilingDll, address => new(ForCeiling()) { ["PORT"] = $"{address.Port}" }, "/get");

    /// <summary>Proves that no credit was lost or made under load; prints the proof and returns its exit code.</summary>
    public Task<int> CheckBooks() =>
        Run.Visibly(MeasuredProgram.Describe(tools, released.ServerDll, ["check-books"], ForServer()), tools.Stop);

    private async Task Expect(string dll, string[] arguments, Dictionary<string, string?> environment)
    {
        tools.Stop.ThrowIfCancellationRequested();
        var answer = await Run.Quietly(MeasuredProgram.Describe(tools, dll, arguments, environment));
        if (answer.Failed)
        {
            throw new Failure($"{Path.GetFileNameWithoutExtension(dll)} {string.Join(' ', arguments)} failed: {answer.Output.Trim()}");
        }
    }

    private Dictionary<string, string?> ForServer() =>
        new(Binaries.LibraryPath(libraries), StringComparer.Ordinal)
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Development",
            ["RATE_LIMITS"] = "off",
            ["LOG_LEVEL"] = "warn",
            ["DATABASE_URL"] = Login("mana_app", cluster.Passwords.App),
        };

    private Dictionary<string, string?> ForCeiling() =>
        new(StringComparer.Ordinal)
        {
            ["CEILING_ADMIN_URL"] = Connection(cluster.Superuser.Database),
            ["CEILING_DATABASE_URL"] = Connection(CeilingDatabase),
        };

    private string Login(string role, string password) =>
        (cluster.Superuser with { User = role, Password = password, Database = Database }).ToString();

    // The way Npgsql writes it; a drawn password has no sign that would need quoting.
    private string Connection(string database)
    {
        var login = cluster.Superuser;
        return $"Host={login.Host};Port={login.Port};Username={login.User};Password={login.Password};Database={database}";
    }
}
