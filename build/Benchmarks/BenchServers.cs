using System.Globalization;
using Mana.Build.Machine;
using Mana.Build.Postgres;

namespace Mana.Build.Benchmarks;

/// <summary>Starts the server and the ceiling on the cluster of the benchmarks, and prepares their databases.</summary>
internal sealed class BenchServers(Toolbox tools, Released released, Cluster cluster, string? libraries)
{
    public const string Database = "mana";
    public const string UnprovenDatabase = "mana_unproven";
    public const string StandInDatabase = "standin";
    private const string CeilingDatabase = "ceiling";
    private const string PeersDatabase = "peers";
    private const string CrowdSecret = "a secret of the benchmarks, which protects nothing";
    private const string ReadyPath = "/health/ready";

    /// <summary>The settings of the server whose caches never hold what is asked next, because more people ask than fit.</summary>
    public static readonly IReadOnlyDictionary<string, string> Cold = new Dictionary<string, string>
    {
        ["SESSION_CACHE_MAX"] = "100",
        ["TOKEN_CACHE_MAX"] = "100",
    };

    public static readonly IReadOnlyDictionary<string, string> AsShipped = new Dictionary<string, string>();

    public int Postmaster => cluster.Process;

    /// <summary>All databases anew: a ledger that grows with every run would be measured a little slower every time.</summary>
    public async Task PrepareDatabases()
    {
        await Ceiling("database", CeilingDatabase, StandInDatabase, PeersDatabase);
        await Ceiling("prepare");
        await Migrate(Database);
    }

    /// <summary>A migrated database of that many live sessions; cookies of the newest, and of some from everywhere, are in the folders.</summary>
    public async Task PrepareCrowd(Crowd crowd)
    {
        await Migrate(crowd.Database);
        await Ceiling("crowd", crowd.Database, Plain(crowd.Sessions), crowd.Newest, crowd.Everywhere);
    }

    public Task Grow(Growth growth) => Ceiling("grow", growth.Database, Plain(Growth.Owners), Plain(growth.DebitsEach));

    /// <returns>The id of the row in the middle of the history.</returns>
    public async Task<string> Deepen(Growth growth, string email) =>
        (await Ceiling("deepen", growth.Database, email, Plain(Growth.DeepDebits))).Output.Trim();

    /// <summary>Until a running server has nothing to seal there.</summary>
    public Task UntilSealed(Growth growth) => Ceiling("sealed", growth.Database);

    /// <summary>The settings that make a server work in that database.</summary>
    public IReadOnlyDictionary<string, string> In(string database, IReadOnlyDictionary<string, string> settings) =>
        new Dictionary<string, string>(settings)
        {
            ["DATABASE_URL"] = Login("mana_app", cluster.Passwords.App, database),
            ["BETTER_AUTH_SECRET"] = CrowdSecret,
        };

    public async Task Migrate(string database)
    {
        await Ceiling("drop", database);
        var owner = ForServer();
        owner["DATABASE_URL"] = Login("mana_app", cluster.Passwords.App, database);
        owner["MIGRATION_DATABASE_URL"] = Login("mana_owner", cluster.Passwords.Owner, database);
        await Expect(released.ServerDll, ["migrate", "--roles"], new(owner) { ["ADMIN_DATABASE_URL"] = cluster.Superuser.ToString() });
        await Expect(released.ServerDll, ["migrate", "up"], owner);
    }

    public async Task PrepareLedgers()
    {
        await Ceiling("sql", Database, tools.Checkout.In("bench", "pg", "our-accounts.sql"));
        await Ceiling("sql", StandInDatabase, tools.Checkout.In("bench", "pg", "stand-in.sql"));
    }

    /// <summary>The server as it ships. Limits are off, and Production refuses that, hence Development; nothing else differs.</summary>
    public Task<MeasuredProgram> Server(IReadOnlyDictionary<string, string> settings) => Server(released.ServerDll, settings);

    /// <summary>The same without hashes and seals, on books of its own: nobody could check those it writes.</summary>
    public Task<MeasuredProgram> UnprovenServer() => Server(released.UnprovenDll!, In(UnprovenDatabase, AsShipped));

    private Task<MeasuredProgram> Server(string dll, IReadOnlyDictionary<string, string> settings) =>
        MeasuredProgram.Start(
            address =>
            {
                var environment = ForServer();
                environment["PORT"] = $"{address.Port}";
                environment["BASE_URL"] = address.GetLeftPart(UriPartial.Authority);
                foreach (var (name, value) in settings)
                {
                    environment[name] = value;
                }
                return MeasuredProgram.Describe(tools, dll, ["serve"], environment);
            },
            ReadyPath,
            tools.Stop
        );

    public Task<MeasuredProgram> Ceiling() =>
        MeasuredProgram.Start(
            address => MeasuredProgram.Describe(tools, released.CeilingDll, ["serve"], new(ForCeiling()) { ["PORT"] = $"{address.Port}" }),
            "/get",
            tools.Stop
        );

    public Task<MeasuredProgram> Peer(Peers peers, string program, bool isAtBest) => peers.Start(program, PeersUrl, isAtBest);

    public Task PreparePeers(Peers peers) => peers.MakeTables(PeersUrl);

    public Task<Answer> Hash(int seconds) =>
        Run.Quietly(
            MeasuredProgram.Describe(
                tools,
                released.CeilingDll,
                ["hash", seconds.ToString(CultureInfo.InvariantCulture)],
                Binaries.LibraryPath(libraries)
            ),
            tools.Stop
        );

    /// <summary>Proves that no credit was lost or made under load; prints the proof and returns its exit code.</summary>
    public Task<int> CheckBooks(string database = Database) =>
        Run.Visibly(
            MeasuredProgram.Describe(
                tools,
                released.ServerDll,
                ["check-books"],
                new(ForServer(), StringComparer.Ordinal) { ["DATABASE_URL"] = Login("mana_app", cluster.Passwords.App, database) }
            ),
            tools.Stop
        );

    private string PeersUrl => (cluster.Superuser with { Database = PeersDatabase }).ToString();

    private Task<Answer> Ceiling(params string[] arguments) => Expect(released.CeilingDll, arguments, ForCeiling());

    private static string Plain(int number) => number.ToString(CultureInfo.InvariantCulture);

    private async Task<Answer> Expect(string dll, string[] arguments, Dictionary<string, string?> environment)
    {
        tools.Stop.ThrowIfCancellationRequested();
        return (await Run.Quietly(MeasuredProgram.Describe(tools, dll, arguments, environment))).OrFail(
            $"{Path.GetFileNameWithoutExtension(dll)} {string.Join(' ', arguments)}"
        );
    }

    private Dictionary<string, string?> ForServer() =>
        new(Binaries.LibraryPath(libraries), StringComparer.Ordinal)
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Development",
            ["RATE_LIMITS"] = "off",
            ["LOG_LEVEL"] = "warn",
            ["DATABASE_URL"] = Login("mana_app", cluster.Passwords.App),
            ["DOTNET_GCgen0size"] = "400000", // as in the Dockerfile, and so is the next
            ["DOTNET_EnableDiagnostics"] = "0",
        };

    private Dictionary<string, string?> ForCeiling() =>
        new(StringComparer.Ordinal)
        {
            ["CEILING_ADMIN_URL"] = Connection(cluster.Superuser.Database),
            ["CEILING_DATABASE_URL"] = Connection(CeilingDatabase),
            ["CEILING_AUTH_SECRET"] = CrowdSecret,
        };

    private string Login(string role, string password, string database = Database) =>
        (cluster.Superuser with { User = role, Password = password, Database = database }).ToString();

    // The way Npgsql writes it; a drawn password has no sign that would need quoting.
    private string Connection(string database)
    {
        var login = cluster.Superuser;
        return $"Host={login.Host};Port={login.Port};Username={login.User};Password={login.Password};Database={database}";
    }
}
