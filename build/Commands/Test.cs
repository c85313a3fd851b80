using Mana.Build.Machine;
using Mana.Build.Postgres;
using Mana.Build.Suites;

namespace Mana.Build.Commands;

/// <summary>The specs: everything, one slice, the part without a server, or the faults. The closing line sums all of them.</summary>
internal static class Test
{
    private const string ServerTests = "Mana.Server.Tests";
    private const string ProtocolsTests = "Mana.Protocols.Tests";
    private const string Acceptance = "acceptance";
    private const string Browser = "browser";
    private const string FaultRounds = "20";

    private static readonly string[] Projects = [ProtocolsTests, ServerTests];

    // What we set for the server ourselves, or what points at somebody's database, must not reach a spec by inheritance.
    private static readonly string[] NotForSpecs =
    [
        "DATABASE_URL",
        "MIGRATION_DATABASE_URL",
        "ADMIN_DATABASE_URL",
        "LISTEN_DATABASE_URL",
        "DATABASE_POOLED",
        "PORT",
        "BASE_URL",
        "ASPNETCORE_ENVIRONMENT",
        "RATE_LIMITS",
    ];

    public static Task<int> Everything(string[] arguments, Toolbox tools) =>
        arguments switch
        {
            [] => Close(
                tools,
                Purpose.Test,
                environment =>
                    [
                        () => FormatCheck.Run(tools),
                        .. Projects.Select(project => Specs(project, [], environment, tools)),
                        () => BrowserSuite.Run(environment, tools),
                        .. NodeSuite.Exists(tools) ? [() => NodeSuite.Run(environment, tools)] : Array.Empty<Func<Task<Tally>>>(),
                    ]
            ),
            [Acceptance] when NodeSuite.Exists(tools) => Close(
                tools,
                Purpose.Test,
                environment => [() => NodeSuite.Run(environment, tools)]
            ),
            [Browser] => Close(tools, Purpose.Test, environment => [() => BrowserSuite.Run(environment, tools)]),
            [var name] when Slice(name, tools) is { } slice => Close(
                tools,
                Purpose.Test,
                environment =>
                    Projects
                        .Where(project => Directory.Exists(tools.Checkout.In("tests", project, slice)))
                        .Select(project => Specs(project, ["-namespace", $"*.{slice}", "-namespace", $"*.{slice}.*"], environment, tools))
            ),
            _ => throw new Misuse($"'{string.Join(' ', arguments)}' is no slice; there are {string.Join(", ", Slices(tools))}"),
        };

    public static Task<int> Check(string[] arguments, Toolbox tools) =>
        Close(
            tools,
            Purpose.Test,
            environment =>
                [
                    () => FormatCheck.Run(tools),
                    Specs(ProtocolsTests, [], environment, tools),
                    Specs(ServerTests, ["-namespace", "Mana.Specs.Tidy", "-namespace", "Mana.Specs.Tidy.*"], environment, tools),
                ]
        );

    public static Task<int> Faults(string[] arguments, Toolbox tools) =>
        Close(
            tools,
            Purpose.Faults,
            environment =>
                [
                    Specs(
                        ServerTests,
                        ["-trait", "Category=Faults", "-showLiveOutput"],
                        new Dictionary<string, string?>(environment, StringComparer.Ordinal) { ["MANA_FAULT_ROUNDS"] = FaultRounds },
                        tools
                    ),
                ]
        );

    private static async Task<int> Close(
        Toolbox tools,
        Purpose purpose,
        Func<IReadOnlyDictionary<string, string?>, IEnumerable<Func<Task<Tally>>>> suites
    )
    {
        var sum = Tally.None;
        try
        {
            await Builds.Everything(tools);
            await using var postgres = await tools.Postgres(purpose);
            var environment = Surroundings(postgres, await Sodium.Path(tools), tools);
            foreach (var suite in suites(environment))
            {
                tools.Stop.ThrowIfCancellationRequested();
                sum += await suite();
            }
        }
        catch (Failure failure)
        {
            Say.Error(failure);
            sum += Tally.OneFailure;
        }
        catch (OperationCanceledException) when (tools.Stop.IsCancellationRequested)
        {
            Say.Line("interrupted");
            sum += Tally.OneFailure;
        }
        catch (Exception bug)
        {
            // Whatever breaks, the closing line comes and says that not everything is well.
            Console.Error.WriteLine(bug);
            sum += Tally.OneFailure;
        }
        foreach (var failed in sum.Failures)
        {
            Say.Line($"failed: {failed}");
        }
        Say.Line(sum.ToString());
        return sum.IsGreen ? 0 : 1;
    }

    private static Func<Task<Tally>> Specs(
        string project,
        string[] filters,
        IReadOnlyDictionary<string, string?> environment,
        Toolbox tools
    ) => () => XunitSuite.Run(project, filters, environment, tools);

    /// <summary>What specs see of the environment.</summary>
    public static Dictionary<string, string?> Surroundings(PostgresServer postgres, string? libraries, Toolbox tools)
    {
        var admin =
            postgres.Admin
            ?? throw new Failure(
                "The specs make databases and set the passwords of the roles, and MIGRATION_DATABASE_URL says that these are yours.",
                "unset MIGRATION_DATABASE_URL and let DATABASE_URL name a superuser",
                "unset DATABASE_URL too: ./mana then brings its own PostgreSQL"
            );
        var environment = new Dictionary<string, string?>(Binaries.LibraryPath(libraries), StringComparer.Ordinal)
        {
            ["MANA_ROOT"] = tools.Checkout.Root,
            ["MANA_SERVER_DLL"] = tools.Checkout.ServerDll,
            ["MANA_TEST_ADMIN_URL"] = admin.ToString(),
            // Roles belong to the whole server: on somebody's own, the specs must leave them the password that `dev` signs in with.
            ["MANA_TEST_ROLE_PASSWORD"] = postgres.App.Password,
        };
        foreach (var name in NotForSpecs)
        {
            environment[name] = null;
        }
        return environment;
    }

    private static string? Slice(string name, Toolbox tools) =>
        Slices(tools).FirstOrDefault(slice => slice.Equals(name, StringComparison.OrdinalIgnoreCase));

    private static IEnumerable<string> Slices(Toolbox tools) =>
        Projects
            .Select(project => tools.Checkout.In("tests", project))
            .Where(Directory.Exists)
            .SelectMany(folder => Directory.EnumerateDirectories(folder))
            .Select(folder => Path.GetFileName(folder))
            .Where(folder => folder is not ("bin" or "obj"))
            .Distinct()
            .Order(StringComparer.Ordinal);
}
